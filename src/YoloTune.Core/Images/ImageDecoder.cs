using SkiaSharp;
using YoloTune.Basics;

namespace YoloTune.Images;

/// <summary>
/// Reads image files: JPEG, PNG, BMP, WebP and GIF (its first frame), told by content and not by extension; grey, palette, 16-bit and
/// alpha images become 8-bit B, G, R (alpha is dropped, not blended), the EXIF orientation is applied, colour profiles are not.
/// </summary>
public static class ImageDecoder
{
    /// <summary>The most pixels that are decoded at once: 134 million, 512 MiB. A JPEG above that is read at reduced scale.</summary>
    public const long MaxPixels = 1L << 27;

    /// <summary>
    /// A JPEG is decoded at reduced scale only while both sides keep this multiple of what they will be resized to: the codec averages
    /// then no more than what bilinear resizing would skip anyway.
    /// </summary>
    public const int ReducedDecodeMargin = 2;

    /// <summary>Extensions taken for images in folders and lists, lower case without the dot.</summary>
    public static IReadOnlySet<string> Extensions { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "avif", "bmp", "dng", "gif", "heic", "heif", "jp2", "jpeg", "jpeg2000", "jpg", "mpo", "png", "tif", "tiff", "webp",
    };

    /// <summary>Reads size and format without decoding.</summary>
    /// <exception cref="DatasetException">The file is missing, empty or not an image.</exception>
    public static ImageInfo ReadInfo(string path)
    {
        using SKCodec codec = Open(path);
        bool turned = SwapsSides(codec.EncodedOrigin);
        return new ImageInfo(
            turned ? codec.Info.Width : codec.Info.Height, turned ? codec.Info.Height : codec.Info.Width,
            codec.EncodedFormat.ToString().ToLowerInvariant());
    }

    /// <summary>Decodes a whole image at full size; the caller disposes it.</summary>
    /// <exception cref="DatasetException">The file is missing, empty, damaged, too large or not an image.</exception>
    public static ImageBuffer Decode(string path) => Decode(path, targetLongSide: 0, out _);

    /// <summary>
    /// Decodes an image that will be resized to <paramref name="targetLongSide"/>, at reduced scale where the codec can do so without
    /// losing anything for that size (<see cref="ReducedDecodeMargin"/>); 0 decodes at full size.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="targetLongSide">Pixels of the longer side after the resize that follows, or 0.</param>
    /// <param name="info">Size of the original as displayed, and its format.</param>
    /// <exception cref="DatasetException">The file is missing, empty, damaged, too large or not an image.</exception>
    public static ImageBuffer Decode(string path, int targetLongSide, out ImageInfo info)
    {
        using SKCodec codec = Open(path);
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        bool turned = SwapsSides(codec.EncodedOrigin);
        info = new ImageInfo(turned ? width : height, turned ? height : width, codec.EncodedFormat.ToString().ToLowerInvariant());
        SKSizeI size = ChooseSize(codec, targetLongSide, path);
        ImageBuffer image = ImageBuffer.Rent(size.Height, size.Width);
        try
        {
            Read(codec, size, image, path);
            if (codec.EncodedOrigin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default) return image;
            ImageBuffer upright = Orientation.Apply(image, codec.EncodedOrigin);
            image.Dispose();
            return upright;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static unsafe void Read(SKCodec codec, SKSizeI size, ImageBuffer image, string path)
    {
        // Without a colour space the codec hands over the stored values as they are; unpremultiplied, so that alpha can be dropped.
        SKImageInfo wanted = new(size.Width, size.Height, SKColorType.Bgra8888,
            codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul, null);
        SKCodecResult result;
        fixed (byte* pixels = image.Bytes) result = codec.GetPixels(wanted, (nint)pixels, image.Stride, SKCodecOptions.Default);
        if (result == SKCodecResult.Success) return;
        string reason = result switch
        {
            SKCodecResult.IncompleteInput => "the image ends too early; the file is truncated.",
            SKCodecResult.ErrorInInput => "the image data is damaged.",
            _ => $"the image cannot be decoded ({result}).",
        };
        throw new DatasetException(reason, path, remedy: "Replace the file or remove it from the dataset.");
    }

    private static SKSizeI ChooseSize(SKCodec codec, int targetLongSide, string path)
    {
        SKSizeI full = codec.Info.Size;
        long pixels = (long)full.Width * full.Height;
        bool scales = codec.EncodedFormat == SKEncodedImageFormat.Jpeg;
        if (scales && targetLongSide > 0)
        {
            int enough = ReducedDecodeMargin * targetLongSide;
            // The format scales by eighths.
            for (int eighths = 1; eighths < 8; eighths++)
            {
                SKSizeI scaled = codec.GetScaledDimensions(eighths / 8f);
                if (Math.Max(scaled.Width, scaled.Height) >= enough && (long)scaled.Width * scaled.Height <= MaxPixels) return scaled;
            }
        }
        if (pixels <= MaxPixels) return full;
        if (scales)
        {
            for (int eighths = 7; eighths > 0; eighths--)
            {
                SKSizeI scaled = codec.GetScaledDimensions(eighths / 8f);
                if ((long)scaled.Width * scaled.Height <= MaxPixels) return scaled;
            }
        }
        throw new DatasetException(
            FormattableString.Invariant(
                $"{full.Width} x {full.Height} pixels are too many to decode (at most {MaxPixels / 1_000_000} million)."),
            path, remedy: "Make the image smaller, or cut it into tiles.");
    }

    private static SKCodec Open(string path)
    {
        const string Remedy = "Replace the file or remove it from the dataset.";
        if (!File.Exists(path)) throw new DatasetException("the image does not exist.", path, remedy: "Check the path.");
        try
        {
            // A stream of our own keeps paths in any script working on every system.
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            if (file.Length == 0)
            {
                file.Dispose();
                throw new DatasetException("the image file is empty.", path, remedy: Remedy);
            }
            SKData data = SKData.Create(file);
            file.Dispose();
            using (data)
            {
                return SKCodec.Create(data) ?? throw new DatasetException(
                    "the file is not an image in a format that can be read (JPEG, PNG, BMP, WebP, GIF), whatever its extension says.",
                    path, remedy: "Convert or replace the file, or remove it from the dataset.");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                "the image cannot be read: " + error.Message, path, remedy: "Check that the file may be read.", inner: error);
        }
    }

    private static bool SwapsSides(SKEncodedOrigin origin) => origin
        is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
}
