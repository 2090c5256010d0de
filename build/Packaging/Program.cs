using System.Text;
using YoloTune.Packaging;

// YoloTune.Packaging bill <module folder> <version> <flavour> <project.assets.json> ...: writes sbom.cdx.json into the module's folder.
// YoloTune.Packaging audit <project file>: ends with 0 when no package is known to be vulnerable, 1 when one is, 3 when that is not known.
try
{
    switch (args)
    {
        case ["bill", var module, var version, var flavour, .. { Length: > 0 } assets]:
            ModuleContent content = ModuleContent.Read(module, assets);
            File.WriteAllText(Path.Combine(module, "sbom.cdx.json"), BillOfMaterials.Write(content, version, flavour),
                new UTF8Encoding(false));
            Console.WriteLine($"Bill of materials: {content.Packages.Count} packages, "
                + $"{content.OwnFiles.Count + content.Packages.Sum(package => package.Files.Count)} files.");
            return 0;
        case ["audit", var project]:
            AuditResult audit = VulnerabilityAudit.Run(project);
            Console.WriteLine(audit.Outcome switch
            {
                AuditOutcome.Clean => "No package has a known vulnerability.",
                AuditOutcome.Vulnerable => "Packages with known vulnerabilities:",
                _ => "Whether a package has known vulnerabilities could NOT be found out; this says nothing of them:",
            });
            foreach (string line in audit.Lines) Console.WriteLine("  " + line);
            return audit.Outcome switch { AuditOutcome.Clean => 0, AuditOutcome.Vulnerable => 1, _ => 3 };
        default:
            Console.Error.WriteLine("usage: YoloTune.Packaging bill <module folder> <version> <flavour> <project.assets.json> ...");
            Console.Error.WriteLine("       YoloTune.Packaging audit <project file>");
            return 2;
    }
}
catch (PackagingException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 4;
}
