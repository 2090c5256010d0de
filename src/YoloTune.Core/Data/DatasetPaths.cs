namespace YoloTune.Data;

/// <summary>
/// Leads the paths of a description to what is on this machine. Descriptions travel: annotation services write <c>../train/images</c> for
/// a folder beside the description, notebooks the full path of the machine they ran on, Darknet a folder <c>data</c>, Windows backslashes.
/// </summary>
/// <param name="root">The folder that paths are relative to.</param>
/// <param name="file">The description, for the problems.</param>
internal sealed class DatasetPaths(string root, string file)
{
    private static readonly string[] SplitFolders = ["train", "val", "valid", "validation", "test", "minival"];
    private readonly List<DatasetProblem> problems = [];

    /// <summary>Paths that were found elsewhere than the description says.</summary>
    public IReadOnlyList<DatasetProblem> Problems => problems;

    /// <summary>Whether a folder's name is that of a split.</summary>
    public static bool IsSplit(string name) => SplitFolders.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Paths written on Windows are read elsewhere too, and a leading ~ is the user's folder.</summary>
    public static string Native(string path)
    {
        string native = Path.DirectorySeparatorChar == '/' ? path.Replace('\\', '/') : path.Replace('/', '\\');
        if (native != "~" && !native.StartsWith("~" + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return native;
        return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + native[1..];
    }

    /// <summary>The full path of what a text means; where nothing is there, the one it says literally.</summary>
    public string Resolve(string text)
    {
        string path = Path.GetFullPath(Native(text), root);
        if (Path.Exists(path)) return path;
        foreach ((string tail, bool isUsual) in Tails(Native(text)))
        {
            string found = Path.GetFullPath(tail, root);
            if (!Path.Exists(found)) continue;
            if (!isUsual)
                problems.Add(new(file, null, $"the path '{text}' is not there; '{found}' is used in its place.", ProblemAction.Kept));
            return found;
        }
        return path;
    }

    /// <summary>
    /// The image that a line of a list means: relative to the list, to the dataset, or to either without a leading folder data.
    /// </summary>
    public static string OfLine(string line, string folder, string root)
    {
        string native = Native(line);
        string full = Path.GetFullPath(native, folder);
        if (File.Exists(full)) return full;
        List<string> candidates = [Path.GetFullPath(native, root)];
        string data = "data" + Path.DirectorySeparatorChar;
        if (native.StartsWith(data, StringComparison.Ordinal))
            candidates.AddRange([Path.GetFullPath(native[data.Length..], folder), Path.GetFullPath(native[data.Length..], root)]);
        return candidates.Find(File.Exists) ?? full;
    }

    // Ends of a path, the longest first, that may lie below the dataset's folder. A single name could be anything, unless it is a split's.
    private IEnumerable<(string Tail, bool IsUsual)> Tails(string path)
    {
        string[] all = path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        int ups = all.TakeWhile(name => name is ".." or ".").Count();
        string[] names = all[ups..];
        bool isRooted = Path.IsPathRooted(path) || (names.Length > 0 && names[0].EndsWith(':'));
        if (names.Length == 0 || names.Any(name => name == "..")) yield break;
        if (ups > 0) yield return (Path.Combine(names), true);
        int most = isRooted || ups > 0 ? names.Length - 1
            : names[0] == "data" || names[0] == Path.GetFileName(Path.TrimEndingDirectorySeparator(root)) ? 1 : 0;
        for (int i = isRooted ? 0 : 1; i <= most && i < names.Length; i++)
        {
            string[] tail = names[i..];
            if (tail[0].EndsWith(':')) continue;
            if (tail.Length > 1 || SplitFolders.Contains(Path.GetFileNameWithoutExtension(tail[0])))
                yield return (Path.Combine(tail), !isRooted && ups == 0);
        }
    }
}
