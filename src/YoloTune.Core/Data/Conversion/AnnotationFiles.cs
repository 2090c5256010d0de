using YoloTune.Data.Images;

namespace YoloTune.Data.Conversion;

/// <summary>Finds files of a kind in a folder and below, in a steady order.</summary>
internal static class AnnotationFiles
{
    private static readonly EnumerationOptions All =
        new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The file itself, or the files of a folder that match a pattern, sorted by path.</summary>
    public static IReadOnlyList<string> In(string path, string pattern) =>
        System.IO.File.Exists(path) ? [path] : [.. Directory.EnumerateFiles(path, pattern, All).Order(StringComparer.Ordinal)];

    /// <summary>The images of a folder and below, by their extensions.</summary>
    public static IEnumerable<string> Images(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", All).Where(IsImage).Order(StringComparer.Ordinal) : [];

    /// <summary>Whether a file's extension is that of an image.</summary>
    public static bool IsImage(string path) => Path.GetExtension(path) is { Length: > 1 } extension
        && ImageDecoder.Extensions.Contains(extension[1..]);
}
