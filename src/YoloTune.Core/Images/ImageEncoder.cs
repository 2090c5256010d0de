using SkiaSharp;
using YoloTune.Basics;

namespace YoloTune.Images;

/// <summary>Writes images as JPEG, PNG or WebP, by the extension of the path.</summary>
internal static class ImageEncoder
{
    /// <summary>Writes the file through a temporary one, so that a half-written image never stands under its name.</summary>
    /// <param name="image">The pixels.</param>
    /// <param name="path">The file; the extension chooses the format (PNG, WebP, else JPEG).</param>
    /// <param name="quality">0-100 for JPEG and WebP.</param>
    public static unsafe void Save(ImageBuffer image, string path, int quality = 95)
    {
        fixed (byte* pixels = image.Bytes)
        {
            SKImageInfo info = new(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
            using SKPixmap pixmap = new(info, (nint)pixels, image.Stride);
            Save(pixmap, path, quality);
        }
    }

    internal static void Save(SKPixmap pixmap, string path, int quality)
    {
        SKEncodedImageFormat format = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => SKEncodedImageFormat.Png,
            ".webp" => SKEncodedImageFormat.Webp,
            _ => SKEncodedImageFormat.Jpeg,
        };
        using SKData data = pixmap.Encode(format, quality)
            ?? throw new InvalidOperationException($"The image could not be encoded as {format}.");
        AtomicFile.Write(path, data.SaveTo);
    }
}
