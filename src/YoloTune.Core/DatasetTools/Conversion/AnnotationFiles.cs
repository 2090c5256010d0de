using YoloTune.Basics;
using YoloTune.Images;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>Finds files of a kind in a folder and below, in a steady order.</summary>
internal static class AnnotationFiles
{
    /// <summary>The file itself, or the files of a folder with an extension in whatever case, sorted by path.</summary>
    public static IReadOnlyList<string> In(string path, string extension) => System.IO.File.Exists(path) ? [path] :
    [
        .. ImageFolder.Files(path).Where(file => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            .Order(PathOrder.Native),
    ];
}
