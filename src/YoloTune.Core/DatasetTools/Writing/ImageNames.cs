using System.Globalization;
using YoloTune.Images;

namespace YoloTune.DatasetTools.Writing;

/// <summary>
/// Names images in one folder so that neither two images nor their label files meet: the second a.jpg, or a.png beside a.jpg, becomes
/// a-2. Names that differ only in case meet too, for some file systems hold them for one.
/// </summary>
internal sealed class ImageNames
{
    private readonly HashSet<string> stems = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A free name.</summary>
    /// <param name="path">The image.</param>
    /// <param name="format">Its real format, which becomes the extension where its own is not known.</param>
    public string For(string path, string format)
    {
        string stem = Path.GetFileNameWithoutExtension(path), extension = Path.GetExtension(path);
        // The reference does not know .jfif, which is JPEG.
        if (!ImageFolder.IsImage(path) || extension.Equals(".jfif", StringComparison.OrdinalIgnoreCase))
            extension = "." + (format == "jpeg" ? "jpg" : format);
        string free = stem;
        for (int number = 2; !stems.Add(free); number++) free = string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}");
        return free + extension;
    }
}
