using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Data;

/// <summary>
/// Reads the description of Darknet, which CVAT exports as YOLO 1.1: obj.data with lines <c>key = value</c> names the lists of images
/// and obj.names, which has one class a line. Labels lie beside the images. The paths begin with a folder data that the archive lacks.
/// </summary>
internal static class DarknetFile
{
    private static readonly (string Split, string[] Keys)[] SplitKeys =
        [("train", ["train"]), ("val", ["valid", "val"]), ("test", ["test"])];

    /// <summary>The description in a folder, or null.</summary>
    public static string? FindIn(string folder)
    {
        string usual = Path.Combine(folder, "obj.data");
        if (File.Exists(usual)) return usual;
        string[] found = [.. Directory.EnumerateFiles(folder).Where(IsDescription)];
        return found.Length == 1 ? found[0] : null;
    }

    /// <summary>Whether a file is a description by its extension and its first lines.</summary>
    public static bool IsDescription(string path)
    {
        if (!Path.GetExtension(path).Equals(".data", StringComparison.OrdinalIgnoreCase)) return false;
        try
        {
            return Pairs(path).ContainsKey("names");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads a description.</summary>
    /// <exception cref="DatasetException">It names no classes or no images, or a file of it is missing.</exception>
    public static DatasetDescription Read(string file)
    {
        try
        {
            Dictionary<string, string> pairs = Pairs(file);
            string root = Path.GetDirectoryName(file)!;
            DatasetPaths paths = new(root, file);
            Dictionary<string, IReadOnlyList<string>> splits = [];
            foreach ((string split, string[] keys) in SplitKeys)
            {
                if (keys.Select(key => pairs.GetValueOrDefault(key)).FirstOrDefault(value => value is { Length: > 0 }) is { } list)
                    splits.Add(split, [paths.Resolve(list)]);
            }
            if (splits.Count == 0)
                throw new DatasetException("no split is described.", file, remedy: "Add a line 'train = train.txt', a list of images.");
            return new DatasetDescription(file, root, Names(pairs, file, root, paths), splits) { Problems = paths.Problems };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException("the description cannot be read: " + error.Message, file, inner: error);
        }
    }

    private static IReadOnlyList<string> Names(Dictionary<string, string> pairs, string file, string root, DatasetPaths paths)
    {
        string path = pairs.TryGetValue("names", out string? given) ? paths.Resolve(given) : Path.Combine(root, "obj.names");
        if (!File.Exists(path)) path = Path.Combine(root, Path.GetFileName(path));
        if (!File.Exists(path))
            throw new DatasetException("the list of class names is missing.", path, remedy: "Put it there, one name on a line.");
        string[] names = [.. TextFile.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        bool counts = pairs.TryGetValue("classes", out string? text)
            && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int count) && count != names.Length;
        if (names.Length > 0 && !counts) return names;
        throw new DatasetException(
            FormattableString.Invariant($"classes is {text ?? "not given"}, but '{path}' has {names.Length} names."), file,
            remedy: "Make them agree.");
    }

    private static Dictionary<string, string> Pairs(string file)
    {
        Dictionary<string, string> pairs = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in TextFile.ReadLines(file))
        {
            int at = line.IndexOf('=', StringComparison.Ordinal);
            if (at > 0 && !line.TrimStart().StartsWith('#')) pairs[line[..at].Trim()] = line[(at + 1)..].Trim();
        }
        return pairs;
    }
}
