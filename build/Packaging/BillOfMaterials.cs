using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace YoloTune.Packaging;

/// <summary>Writes what a module ships as CycloneDX 1.5 JSON. The same module gives the same text.</summary>
/// <remarks>Source: the CycloneDX 1.5 specification, ECMA-424's predecessor.</remarks>
public static class BillOfMaterials
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>The document.</summary>
    /// <param name="content">What is shipped.</param>
    /// <param name="version">The version of the module.</param>
    /// <param name="flavour">For what it was built: linux-x64-cpu.</param>
    public static string Write(ModuleContent content, string version, string flavour)
    {
        string self = $"pkg:nuget/YoloTune@{version}";
        JsonObject bill = new()
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.5.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.5",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject
                {
                    ["type"] = "library",
                    ["bom-ref"] = self,
                    ["name"] = "YoloTune",
                    ["version"] = version,
                    ["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["id"] = "MIT" } }),
                    ["purl"] = self,
                    ["properties"] = new JsonArray(Property("flavour", flavour)),
                    ["components"] = Files(content.OwnFiles),
                },
            },
            ["components"] = new JsonArray([.. content.Packages.Select(Component)]),
            ["dependencies"] = Dependencies(content, self),
        };
        // Made of the content, so that two builds of the same do not differ in it.
        Guid serial = new(SHA256.HashData(Encoding.UTF8.GetBytes(bill.ToJsonString())).AsSpan(0, 16));
        bill.Insert(3, "serialNumber", $"urn:uuid:{serial}");
        return bill.ToJsonString(Format) + "\n";
    }

    private static JsonNode Component(ShippedPackage package) => new JsonObject
    {
        ["type"] = "library",
        ["bom-ref"] = package.Purl,
        ["name"] = package.Name,
        ["version"] = package.Version,
        ["hashes"] = Hash("SHA-512", package.Sha512),
        ["licenses"] = Licences(package.Licence),
        ["purl"] = package.Purl,
        ["components"] = Files(package.Files),
    };

    private static JsonArray Licences(PackageLicence licence)
    {
        if (licence.Expression is { } expression) return [new JsonObject { ["expression"] = expression }];
        JsonObject named = new() { ["name"] = licence.File is { } file ? $"{file} in the package" : "see url" };
        if (licence.Address is { } address) named["url"] = address;
        return [new JsonObject { ["license"] = named }];
    }

    private static JsonArray Files(IEnumerable<ShippedFile> files) => [.. files.Select(File)];

    private static JsonNode File(ShippedFile file)
    {
        JsonObject described = new() { ["type"] = "file", ["name"] = file.Path, ["hashes"] = Hash("SHA-256", file.Sha256) };
        if (file.IsChanged) described["properties"] = new JsonArray(Property("changed", "by the build; see build/WeakenSymbolVersion.cs"));
        return described;
    }

    private static JsonArray Dependencies(ModuleContent content, string self)
    {
        Dictionary<string, string> refs = content.Packages.ToDictionary(
            package => package.Name, package => package.Purl, StringComparer.OrdinalIgnoreCase);
        JsonObject Of(string reference, IEnumerable<string> needed) =>
            new() { ["ref"] = reference, ["dependsOn"] = new JsonArray([.. needed.Select(name => (JsonNode)name)]) };
        return
        [
            Of(self, content.Packages.Select(package => package.Purl)),
            .. content.Packages.Select(package =>
                Of(package.Purl, package.Dependencies.Where(refs.ContainsKey).Select(name => refs[name]))),
        ];
    }

    private static JsonArray Hash(string algorithm, string content) => [new JsonObject { ["alg"] = algorithm, ["content"] = content }];

    private static JsonObject Property(string name, string value) => new() { ["name"] = $"yolotune:{name}", ["value"] = value };
}
