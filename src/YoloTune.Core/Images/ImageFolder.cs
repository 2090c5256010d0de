using YoloTune.Basics;

namespace YoloTune.Images;

/// <summary>Tells images by their extensions and finds them in folders.</summary>
internal static class ImageFolder
{
    /// <summary>Every entry of a folder, hidden ones too; a folder that cannot be entered is an error.</summary>
    private static readonly EnumerationOptions Entries = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Whether a file's extension is one of <see cref="ImageDecoder.Extensions"/>.</summary>
    public static bool IsImage(string path) =>
        Path.GetExtension(path) is { Length: > 1 } extension && ImageDecoder.Extensions.Contains(extension[1..]);

    /// <summary>The images of a folder and below, sorted by path; none where the folder is not there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="loops">Gets the links that lead back to a folder they lie in; they are not followed.</param>
    public static IEnumerable<string> Images(string folder, ICollection<string>? loops) =>
        Directory.Exists(folder) ? Files(folder, loops).Where(IsImage).Order(PathOrder.Native) : [];

    /// <inheritdoc cref="Images(string, ICollection{string})"/>
    public static IEnumerable<string> Images(string folder) => Images(folder, loops: null);

    /// <summary>Every file of a folder and below. Links to folders are followed, except those that lead back to where they lie.</summary>
    /// <inheritdoc cref="Images(string, ICollection{string})"/>
    public static IEnumerable<string> Files(string folder, ICollection<string>? loops = null) => Walk(folder, [RealPath.Of(folder)], loops);

    private static IEnumerable<string> Walk(string folder, string[] way, ICollection<string>? loops)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Entries))
        {
            string path = Path.Combine(folder, entry.Name);
            if (entry is not DirectoryInfo)
            {
                yield return path;
                continue;
            }
            string real = entry.LinkTarget is null ? Path.Combine(way[^1], entry.Name) : RealPath.Of(path);
            if (way.Contains(real, RealPath.Comparer) || way.Any(above => entry.LinkTarget is not null && RealPath.IsIn(real, above)))
            {
                loops?.Add(path);
                continue;
            }
            foreach (string below in Walk(path, [.. way, real], loops)) yield return below;
        }
    }
}
