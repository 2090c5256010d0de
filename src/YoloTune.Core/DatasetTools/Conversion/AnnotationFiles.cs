using YoloTune.Images;


namespace YoloTune.DatasetTools.Conversion;

/// <summary>Finds files of a kind in a folder and below, in a steady order.</summary>
internal static class AnnotationFiles
{
    /// <summary>The file itself, or the files of a folder that match a pattern, sorted by path.</summary>
    public static IReadOnlyList<string> In(string path, string pattern) =>
        System.IO.File.Exists(path) ? [path] : [.. Directory.EnumerateFiles(path, pattern, ImageFolder.Everything).Order(StringComparer.Ordinal)];
}
