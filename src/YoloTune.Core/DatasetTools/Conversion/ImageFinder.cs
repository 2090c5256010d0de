using YoloTune.Data;
using YoloTune.Images;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>Finds the file of an annotated image. Paths written on Windows are read elsewhere too.</summary>
/// <param name="given">Folders the user named, which are searched with their sub-folders; empty looks in the usual places only.</param>
internal sealed class ImageFinder(IReadOnlyList<string> given)
{
    private readonly Dictionary<string, Dictionary<string, string>> stems = new(StringComparer.Ordinal);
    private ILookup<string, string>? everywhere;

    /// <summary>The image's full path, or null with the reason.</summary>
    public (string? Path, SkipReason Reason, string Detail) Find(AnnotatedImage image)
    {
        IReadOnlyList<string> folders = given.Count > 0 ? given : image.Folders;
        string[] names = [.. image.Names.Select(DatasetPaths.Native).Where(name => !name.Contains('\0'))];
        foreach (string name in names)
        {
            if (InFolders(name, folders) is { } path) return (path, default, "");
        }
        // A path of another machine: only the name itself helps.
        foreach (string name in names.Select(Path.GetFileName).OfType<string>().Where(name => name.Length > 0))
        {
            if (InFolders(name, folders) is { } path) return (path, default, "");
            string[] matches = [.. Everywhere[name]];
            if (matches.Length == 1) return (matches[0], default, "");
            if (matches.Length > 1)
            {
                return (null, SkipReason.ImageAmbiguous,
                    $"'{image.Names[0]}' may be '{matches[0]}' or '{matches[1]}'.");
            }
        }
        return (null, SkipReason.ImageMissing,
            $"'{image.Names[0]}' was not found in {string.Join(", ", folders.Select(folder => $"'{folder}'"))}.");
    }

    private ILookup<string, string> Everywhere => everywhere ??= given.SelectMany(ImageFolder.Images).Distinct()
        .SelectMany(path => new[]
        {
            (Name: Path.GetFileName(path), Path: path), (Name: Path.GetFileNameWithoutExtension(path), Path: path),
        })
        .ToLookup(entry => entry.Name, entry => entry.Path, StringComparer.Ordinal);

    private string? InFolders(string name, IReadOnlyList<string> folders)
    {
        foreach (string folder in folders)
        {
            string path = Path.GetFullPath(name, folder);
            if (ImageFolder.IsImage(path))
            {
                if (System.IO.File.Exists(path)) return path;
            }
            else if (Stems(Path.GetDirectoryName(path) ?? folder).TryGetValue(Path.GetFileName(path), out string? match)) return match;
        }
        return null;
    }

    private Dictionary<string, string> Stems(string folder)
    {
        if (stems.TryGetValue(folder, out Dictionary<string, string>? known)) return known;
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        if (Directory.Exists(folder))
        {
            foreach (string path in Directory.EnumerateFiles(folder).Where(ImageFolder.IsImage).Order(StringComparer.Ordinal))
                files.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        }
        return stems[folder] = files;
    }
}
