using System.Security.Cryptography;
using System.Text.Json;

namespace YoloTune.Packaging;

/// <summary>
/// Tells of every file in the lib folder of a module which package it comes from, by what the restore of the module's project has written
/// down (project.assets.json).
/// </summary>
public sealed class ModuleContent
{
    private const string OwnName = "YoloTune";
    private const string Font = "Avalonia.Fonts.Inter";

    private readonly string module;
    private readonly Dictionary<string, (string Package, string Source)> origins = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, JsonElement> libraries = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string[]> dependencies = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> folders = [];

    private ModuleContent(string module) => this.module = module;

    /// <summary>The packages of which something is shipped, by name.</summary>
    public IReadOnlyList<ShippedPackage> Packages { get; private set; } = [];

    /// <summary>The files that are built here.</summary>
    public IReadOnlyList<ShippedFile> OwnFiles { get; private set; } = [];

    /// <summary>Reads a module's folder.</summary>
    /// <param name="module">The folder with lib in it.</param>
    /// <param name="assets">project.assets.json of the cmdlets' project, then those of the projects below it.</param>
    /// <exception cref="PackagingException">A file is of no package that was restored.</exception>
    public static ModuleContent Read(string module, params string[] assets)
    {
        ModuleContent content = new(module);
        content.ReadLibraries(assets[0]);
        List<ShippedPackage> downloads = [.. assets.SelectMany(content.ReadDownloads)];
        content.Assign(downloads);
        return content;
    }

    private void ReadLibraries(string path)
    {
        JsonElement root = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        folders.AddRange(root.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name));
        foreach (JsonProperty library in root.GetProperty("libraries").EnumerateObject()) libraries[library.Name] = library.Value;
        foreach (JsonProperty library in root.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject())
        {
            if (library.Value.GetProperty("type").GetString() != "package") continue;
            string folder = PackageFolder(libraries[library.Name].GetProperty("path").GetString()!);
            Note(library, "runtime", file => Path.GetFileName(file), folder);
            Note(library, "native", file => Path.GetFileName(file), folder);
            Note(library, "runtimeTargets", file => file, folder);
            dependencies[library.Name] = library.Value.TryGetProperty("dependencies", out JsonElement needed)
                ? [.. needed.EnumerateObject().Select(dependency => dependency.Name)] : [];
        }
    }

    private void Note(JsonProperty library, string kind, Func<string, string> target, string folder)
    {
        if (!library.Value.TryGetProperty(kind, out JsonElement files)) return;
        foreach (JsonProperty file in files.EnumerateObject())
        {
            origins["lib/" + target(file.Name)] = (library.Name, Path.Combine(folder, file.Name));
        }
    }

    private string PackageFolder(string path) =>
        folders.Select(folder => Path.Combine(folder, path)).FirstOrDefault(Directory.Exists)
        ?? throw new PackagingException($"The package '{path}' is not in {string.Join(" or ", folders)}. Restore first.");

    /// <summary>Packages that are downloaded, not referenced: what we take out of them is inside our own assemblies.</summary>
    private List<ShippedPackage> ReadDownloads(string path)
    {
        JsonElement framework = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement
            .GetProperty("project").GetProperty("frameworks").EnumerateObject().First().Value;
        if (!framework.TryGetProperty("downloadDependencies", out JsonElement downloads)) return [];
        return
        [
            .. from download in downloads.EnumerateArray()
               let name = download.GetProperty("name").GetString()!
               where name == Font
               let version = download.GetProperty("version").GetString()!.Trim('[', ']').Split(',')[0]
               select Describe(name, version, $"{name}/{version}".ToLowerInvariant(), [], []),
        ];
    }

    private void Assign(List<ShippedPackage> downloads)
    {
        Dictionary<string, List<ShippedFile>> shipped = new(StringComparer.OrdinalIgnoreCase);
        List<ShippedFile> own = [];
        string lib = Path.Combine(module, "lib");
        foreach (string path in Directory.EnumerateFiles(lib, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string relative = Path.GetRelativePath(module, path).Replace('\\', '/');
            string sha256 = Sha256Of(path);
            if (Path.GetFileName(path).StartsWith(OwnName + ".", StringComparison.Ordinal))
            {
                own.Add(new(relative, sha256, false));
            }
            else if (origins.TryGetValue(relative, out (string Package, string Source) origin))
            {
                if (!shipped.TryGetValue(origin.Package, out List<ShippedFile>? files)) shipped[origin.Package] = files = [];
                files.Add(new(relative, sha256, Sha256Of(origin.Source) != sha256));
            }
            else
            {
                throw new PackagingException(
                    $"'{relative}' is of no package that the project restores. Build again, or find out where it comes from.");
            }
        }
        OwnFiles = own;
        Packages =
        [
            .. shipped.Select(entry => Describe(entry.Key.Split('/')[0], entry.Key.Split('/')[1],
                    libraries[entry.Key].GetProperty("path").GetString()!, entry.Value, dependencies[entry.Key]))
                .Concat(downloads).OrderBy(package => package.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private ShippedPackage Describe(string name, string version, string path, IReadOnlyList<ShippedFile> files, string[] needed)
    {
        string folder = PackageFolder(path);
        string hash = Directory.EnumerateFiles(folder, "*.nupkg.sha512").First();
        string nuspec = Directory.EnumerateFiles(folder, "*.nuspec").First();
        byte[] sha512 = Convert.FromBase64String(File.ReadAllText(hash).Trim());
        return new(name, version, Convert.ToHexString(sha512).ToLowerInvariant(), PackageLicence.Read(nuspec), files, needed);
    }

    private static string Sha256Of(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant();
    }
}
