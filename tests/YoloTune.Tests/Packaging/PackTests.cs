using System.IO.Compression;
using System.Management.Automation;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests.Packaging;

/// <summary>What build.ps1 -Task Pack makes.</summary>
public sealed partial class PackTests(PackedModule packed) : IClassFixture<PackedModule>
{
    [Fact]
    public void NuGet_unpacks_every_file_of_the_module_as_it_was()
    {
        string[] files = [.. Files(packed.Module)];
        Assert.Contains("YoloTune.psd1", files);
        Assert.Contains("en-US/YoloTune.dll-Help.xml", files);
        Assert.Contains("sbom.cdx.json", files);
        Assert.DoesNotContain(files, file => file.EndsWith(".pdb", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal(Hash(Path.Combine(packed.Module, file)), Hash(Path.Combine(packed.Installed, file))));
    }

    [Fact]
    public void The_unpacked_module_works_in_a_new_process()
    {
        string text = packed.RunInstalled(
            "(Get-Module YoloTune).Path; (Get-YoloArchitecture yolo11n).Parameters; (New-YoloModel yolo11n -ClassName a, b).Items.Count; "
            + "(Get-Help Get-YoloRun).Synopsis");
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(Path.Combine(packed.Installed, "YoloTune.psm1"), lines[0]);
        Assert.Equal(["2624080", "499"], lines[1..3]);
        Assert.DoesNotContain("Get-YoloRun [", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_nuspec_says_what_a_gallery_looks_for()
    {
        using ZipArchive archive = ZipFile.OpenRead(packed.Package);
        using Stream nuspec = archive.GetEntry("YoloTune.nuspec")!.Open();
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal("YoloTune", Value("id"));
        Assert.Equal(packed.Version, Value("version"));
        Assert.Equal("MIT", Value("license"));
        using ModuleHost host = new();
        PSModuleInfo module = (PSModuleInfo)host.Run("Test-ModuleManifest $manifest").Single.BaseObject;
        Assert.Equal(module.Description, Value("description"));
        string[] tags = Value("tags").Split(' ');
        Assert.Equal(tags.Length, tags.Distinct().Count());
        Assert.Superset(new HashSet<string>(["PSModule", "PSEdition_Core", "PSIncludes_Cmdlet", .. module.Tags]), tags.ToHashSet());
        Assert.Equal(module.ExportedCmdlets.Keys.Order(), tags.Where(tag =>
            tag.StartsWith("PSCmdlet_", StringComparison.Ordinal)).Select(tag => tag[9..]).Order());
        Assert.Equal(module.ExportedCmdlets.Keys.Order(), tags.Where(tag =>
            tag.StartsWith("PSCommand_", StringComparison.Ordinal)).Select(tag => tag[10..]).Order());
    }

    [Fact]
    public void The_bill_of_materials_accounts_for_every_file_in_lib()
    {
        using JsonDocument bill = Bill();
        Dictionary<string, string> billed = [];
        foreach (JsonElement file in Components(bill)
            .Append(Self(bill)).SelectMany(component => component.GetProperty("components").EnumerateArray()))
        {
            Assert.Equal("file", file.GetProperty("type").GetString());
            billed.Add(file.GetProperty("name").GetString()!, file.GetProperty("hashes")[0].GetProperty("content").GetString()!);
        }
        string[] shipped = [.. Files(packed.Module).Where(file => file.StartsWith("lib/", StringComparison.Ordinal))];
        Assert.Contains("lib/YoloTune.dll", shipped);
        Assert.Equal(shipped.Order(StringComparer.Ordinal), billed.Keys.Order(StringComparer.Ordinal));
        Assert.All(billed, entry => Assert.Equal(entry.Value, Hash(Path.Combine(packed.Module, entry.Key))));
    }

    [Fact]
    public void The_bill_of_materials_has_what_CycloneDX_requires()
    {
        using JsonDocument bill = Bill();
        JsonElement root = bill.RootElement;
        Assert.Equal("CycloneDX", root.GetProperty("bomFormat").GetString());
        Assert.Equal("1.5", root.GetProperty("specVersion").GetString());
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        Assert.Matches("^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", root.GetProperty("serialNumber").GetString());
        HashSet<string> refs = [];
        foreach (JsonElement component in Components(bill).Append(Self(bill)))
        {
            Assert.Equal("library", component.GetProperty("type").GetString());
            string name = component.GetProperty("name").GetString()!, version = component.GetProperty("version").GetString()!;
            Assert.Equal($"pkg:nuget/{name}@{version}", component.GetProperty("purl").GetString());
            Assert.True(refs.Add(component.GetProperty("bom-ref").GetString()!), name);
            JsonElement licence = Assert.Single(component.GetProperty("licenses").EnumerateArray());
            Assert.True(licence.TryGetProperty("expression", out _) || licence.TryGetProperty("license", out _), name);
        }
        foreach (JsonElement component in Components(bill))
        {
            JsonElement hash = Assert.Single(component.GetProperty("hashes").EnumerateArray());
            Assert.Equal("SHA-512", hash.GetProperty("alg").GetString());
            Assert.Matches("^[0-9a-f]{128}$", hash.GetProperty("content").GetString());
        }
        JsonElement[] dependencies = [.. root.GetProperty("dependencies").EnumerateArray()];
        Assert.Equal(refs.Order(), dependencies.Select(dependency => dependency.GetProperty("ref").GetString()!).Order());
        Assert.All(dependencies.SelectMany(dependency => dependency.GetProperty("dependsOn").EnumerateArray()),
            needed => Assert.Contains(needed.GetString()!, refs));
        Assert.Contains(refs, reference => reference.StartsWith("pkg:nuget/TorchSharp@", StringComparison.Ordinal));
        Assert.Contains(refs, reference => reference.StartsWith("pkg:nuget/Avalonia.Fonts.Inter@", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_package_of_the_bill_is_in_the_lock_file()
    {
        using JsonDocument bill = Bill();
        string locks = Path.Combine(Repository.Root, "build", "locks");
        string[] files = [.. Directory.GetFiles(locks, "YoloTune.*.cpu.json").Where(file => Lock().IsMatch(Path.GetFileName(file)))];
        Assert.Contains(files, file =>
        {
            using JsonDocument text = JsonDocument.Parse(File.ReadAllBytes(file));
            Dictionary<string, string?> locked = text.RootElement.GetProperty("dependencies").GetProperty("net8.0").EnumerateObject()
                .ToDictionary(entry => entry.Name, entry =>
                    entry.Value.TryGetProperty("resolved", out JsonElement version) ? version.GetString() : null);
            return Components(bill).Where(component => component.GetProperty("name").GetString() != "Avalonia.Fonts.Inter").All(component =>
                locked.GetValueOrDefault(component.GetProperty("name").GetString()!) == component.GetProperty("version").GetString());
        });
    }

    [Theory]
    [InlineData("cuda-windows", "win-x64", "TorchSharp-cuda-windows")]
    [InlineData("cuda-linux", "linux-x64", "TorchSharp-cuda-linux")]
    [InlineData("cpu", "win-x64", "libtorch-cpu-win-x64")]
    [InlineData("cpu", "osx-arm64", "libtorch-cpu-osx-arm64")]
    public void Each_backend_refers_to_its_own_libtorch(string backend, string rid, string package)
    {
        string[] platform = backend == "cpu" ? [$"-p:TorchRid={rid}"] : [];
        (int status, string text) = Tool.Dotnet(Repository.Root, null,
            ["msbuild", Path.Combine("src", "YoloTune.Core"), "-getItem:PackageReference", "-getProperty:TorchRid",
                $"-p:TorchBackend={backend}", .. platform]);
        Assert.True(status == 0, text);
        using JsonDocument evaluated = JsonDocument.Parse(text);
        Assert.Equal(rid, evaluated.RootElement.GetProperty("Properties").GetProperty("TorchRid").GetString());
        string[] torch = [.. evaluated.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)
            .Where(name => name.Contains("torch", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
        Assert.Equal(new[] { "TorchSharp", package }.Order(StringComparer.Ordinal), torch);
    }

    private JsonDocument Bill() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(packed.Module, "sbom.cdx.json")));

    private static JsonElement.ArrayEnumerator Components(JsonDocument bill) => bill.RootElement.GetProperty("components").EnumerateArray();

    private static JsonElement Self(JsonDocument bill) => bill.RootElement.GetProperty("metadata").GetProperty("component");

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'));

    private static string Hash(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant();
    }

    [GeneratedRegex(@"^YoloTune\.(win|linux|osx)-")]
    private static partial Regex Lock();
}
