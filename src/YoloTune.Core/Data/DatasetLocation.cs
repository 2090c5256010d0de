using YoloTune.Basics;

namespace YoloTune.Data;

/// <summary>Finds the description of a dataset: a YAML file, or the obj.data of Darknet that CVAT exports.</summary>
internal static class DatasetLocation
{
    private const int DeepestHint = 2;
    private static readonly string[] Archives = [".zip", ".tar", ".gz", ".tgz", ".7z", ".rar", ".bz2", ".xz"];

    /// <summary>Whether a file is an archive by its extension.</summary>
    public static bool IsArchive(string path) => Archives.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>Whether a folder holds the description of a dataset.</summary>
    public static bool IsDataset(string folder) => Yamls(folder).Length > 0 || DarknetFile.FindIn(folder) is not null;

    /// <summary>The description that a path means: the file itself, or the one in the folder.</summary>
    /// <exception cref="DatasetException">There is none, several, or the path is an archive or annotations of another format.</exception>
    public static string Find(string path)
    {
        string full = Path.GetFullPath(path);
        if (File.Exists(full)) return IsArchive(full) ? throw Packed(full) : full;
        if (!Directory.Exists(full))
            throw new DatasetException("the dataset description does not exist.", full, remedy: "Give the path of a dataset YAML file.");
        string[] found = Yamls(full);
        if (found.Length == 1) return found[0];
        string folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(full));
        foreach (string wanted in (string[])[folder, "data"])
        {
            if (Array.Find(found, file => Path.GetFileNameWithoutExtension(file) == wanted) is { } match) return match;
        }
        if (found.Length > 0)
        {
            throw new DatasetException(
                FormattableString.Invariant($"the folder holds {found.Length} YAML files."), full,
                remedy: "Give the path of the dataset YAML file itself.");
        }
        return DarknetFile.FindIn(full)
            ?? throw new DatasetException("the folder holds no dataset YAML.", full, remedy: Hint(full, DeepestHint));
    }

    /// <summary>An archive in place of what should lie in it.</summary>
    public static DatasetException Packed(string archive) => new(
        "the file is an archive.", archive,
        remedy: $"Unpack it, such as with Expand-Archive, and give the folder: '{Path.GetFileNameWithoutExtension(archive)}'.");

    private static string Hint(string folder, int depth)
    {
        if (Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).FirstOrDefault(IsArchive) is { } archive)
            return $"Unpack '{archive}' and give the folder that comes out.";
        try
        {
            IEnumerable<string> level = [folder];
            for (int i = 0; i < depth; i++)
            {
                level = [.. level.SelectMany(Directory.EnumerateDirectories).Order(StringComparer.Ordinal)];
                if (level.FirstOrDefault(IsDataset) is { } inner) return $"There is one further down: give '{inner}'.";
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A hint only: a folder that cannot be entered holds none.
        }
        return "Give the path of the dataset YAML file itself. COCO, VOC and LabelMe annotations are converted with ConvertTo-YoloDataset.";
    }

    private static string[] Yamls(string folder) => [.. Directory.EnumerateFiles(folder).Where(file =>
        Path.GetExtension(file).ToLowerInvariant() is ".yaml" or ".yml").Order(StringComparer.Ordinal)];
}
