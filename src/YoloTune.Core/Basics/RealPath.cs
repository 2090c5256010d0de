namespace YoloTune.Basics;

/// <summary>Compares paths by what they lead to: symbolic links and junctions on the way are followed.</summary>
internal static class RealPath
{
    // As many links as Linux follows before it reports a loop.
    private const int MostLinks = 40;

    /// <summary>
    /// How names compare. Windows and macOS hold names that differ only in case for one by default, so that two such paths are taken for
    /// the same file there: an error is better than a lost file.
    /// </summary>
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The full path with every link replaced by its target; parts that do not exist are kept as they are.</summary>
    public static string Of(string path) => Follow(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), MostLinks);

    /// <summary>Whether a path leads to a folder itself or below it.</summary>
    public static bool IsIn(string folder, string path) => IsBelow(Of(folder), Of(path));

    /// <summary>Whether one of two paths leads into the other, or both to the same place.</summary>
    public static bool Overlap(string first, string second)
    {
        (string a, string b) = (Of(first), Of(second));
        return IsBelow(a, b) || IsBelow(b, a);
    }

    private static bool IsBelow(string folder, string path) => Comparer.Equals(folder, path)
        || (path.Length > folder.Length && Comparer.Equals(path[..folder.Length], folder)
            && (Path.EndsInDirectorySeparator(folder) || path[folder.Length] == Path.DirectorySeparatorChar));

    private static string Follow(string path, int links)
    {
        string current = Path.GetPathRoot(path) ?? "";
        foreach (string name in path[current.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            current = Path.Combine(current, name);
            if (links > 0 && TargetOf(current) is { } target) current = Follow(Path.TrimEndingDirectorySeparator(target), links - 1);
        }
        return current;
    }

    private static string? TargetOf(string path)
    {
        try
        {
            FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            return entry.LinkTarget is null ? null : entry.ResolveLinkTarget(returnFinalTarget: false)?.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
