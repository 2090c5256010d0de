using SkiaSharp;
using YoloTune.Basics;

namespace YoloTune.Images;

/// <summary>
/// Reads image files: JPEG, PNG, BMP, WebP and GIF (its first frame), told by content and not by extension; grey, palette, 16-bit and
/// alpha images become 8-bit B, G, R (alpha is dropped, not blended), the EXIF orientation of JPEG, PNG and WebP is applied, colour
/// profiles are not.
/// </summary>
internal static class ImageDecoder
{
    /// <summary>The most pixels that are decoded at once: 134 million, 512 MiB. A JPEG above that is read at reduced scale.</summary>
    public const long MaxPixels = 1L << 27;

    /// <summary>A decode at reduced scale keeps at least this multiple of the size that is asked for.</summary>
    public const int ReducedDecodeMargin = 2;

    /// <summary>Extensions taken for images in folders and lists, lower case without the dot.</summary>
    public static IReadOnlySet<string> Extensions { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "avif", "bmp", "dng", "gif", "heic", "heif", "jfif", "jp2", "jpeg", "jpeg2000", "jpg", "mpo", "png", "tif", "tiff", "webp",
    };

    /// <summary>Reads size and format without decoding.</summary>
    /// <exception cref="DatasetException">The file is missing, empty or not an image.</exception>
    public static ImageInfo ReadInfo(string path)
    {
        using Opened file = Open(path);
        return file.Info;
    }

    /// <summary>Decodes a whole image at full size; the caller disposes it.</summary>
    /// <exception cref="DatasetException">The file is missing, empty, damaged, too large or not an image.</exception>
    public static ImageBuffer Decode(string path) => Decode(path, out _);

    /// <summary>
    /// Decodes a whole image at full size, as what a network looks at has to be: a codec that reduces averages pixels which resizing, as
    /// the reference does it, leaves out, so that other detections come out. Only a JPEG above <see cref="MaxPixels"/> is reduced.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="info">Size of the original as displayed, and its format.</param>
    /// <exception cref="DatasetException">The file is missing, empty, damaged, too large or not an image.</exception>
    public static ImageBuffer Decode(string path, out ImageInfo info) => DecodeReduced(path, 0, out info);

    /// <summary>
    /// Decodes an image for something that does not need every pixel, such as a fingerprint: at reduced scale where the format can do so
    /// and twice the size asked for is left (<see cref="ReducedDecodeMargin"/>).
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="longSide">Pixels of the longer side that are asked for; 0 decodes at full size.</param>
    /// <param name="info">Size of the original as displayed, and its format.</param>
    /// <exception cref="DatasetException">The file is missing, empty, damaged, too large or not an image.</exception>
    public static ImageBuffer DecodeReduced(string path, int longSide, out ImageInfo info)
    {
        using Opened file = Open(path);
        SKSizeI size = ChooseSize(file.Codec, longSide, path);
        ImageBuffer image = ImageBuffer.Rent(size.Height, size.Width);
        try
        {
            info = file.Info with { LacksEnd = Read(file, image, path) };
            if (file.Origin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default) return image;
            ImageBuffer upright = Orientation.Apply(image, file.Origin);
            image.Dispose();
            return upright;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>Fills the image; true where the file lacks its end mark, but nothing of the picture.</summary>
    private static bool Read(Opened file, ImageBuffer image, string path)
    {
        SKCodecResult result = Read(file.Codec, image);
        if (result == SKCodecResult.Success) return false;
        if (result == SKCodecResult.IncompleteInput && file.Codec.EncodedFormat == SKEncodedImageFormat.Jpeg
            && JpegEnd.Supply(file.Data.AsSpan(), image, (codec, target) => Read(codec, target) == SKCodecResult.Success))
            return true;
        string reason = result switch
        {
            SKCodecResult.IncompleteInput => "the image ends too early; the file is truncated.",
            SKCodecResult.ErrorInInput => "the image data is damaged.",
            _ => $"the image cannot be decoded ({result}).",
        };
        throw new DatasetException(reason, path, remedy: "Replace the file or remove it from the dataset.");
    }

    private static unsafe SKCodecResult Read(SKCodec codec, ImageBuffer image)
    {
        // Without a colour space the codec hands over the stored values as they are; unpremultiplied, so that alpha can be dropped.
        SKImageInfo wanted = new(image.Width, image.Height, SKColorType.Bgra8888,
            codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul, null);
        fixed (byte* pixels = image.Bytes) return codec.GetPixels(wanted, (nint)pixels, image.Stride, SKCodecOptions.Default);
    }

    private static SKSizeI ChooseSize(SKCodec codec, int longSide, string path)
    {
        SKSizeI full = codec.Info.Size;
        long pixels = (long)full.Width * full.Height;
        bool scales = codec.EncodedFormat == SKEncodedImageFormat.Jpeg;
        if (scales && longSide > 0)
        {
            int enough = ReducedDecodeMargin * longSide;
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

    private static Opened Open(string path)
    {
        const string Remedy = "Replace the file or remove it from the dataset.";
        if (!File.Exists(path)) throw new DatasetException("the image does not exist.", path, remedy: "Check the path.");
        try
        {
            // A stream of our own keeps paths in any script working on every system.
            FileStream file = SharedFile.Open(path, 1 << 16);
            if (file.Length == 0)
            {
                file.Dispose();
                throw new DatasetException("the image file is empty.", path, remedy: Remedy);
            }
            SKData? data = SKData.Create(file);
            file.Dispose();
            try
            {
                // A file that ends while it is read gives no data.
                if (data is not null && SKCodec.Create(data) is { } codec) return new Opened(data, codec);
                throw new DatasetException(
                    data is not null && ImageFormats.NameOf(data.AsSpan()) is { } name ? ImageFormats.ReasonFor(name)
                    : "the file is not an image in a format that can be read (JPEG, PNG, BMP, WebP, GIF), whatever its extension says.",
                    path, remedy: "Convert or replace the file, or remove it from the dataset.");
            }
            catch
            {
                data?.Dispose();
                throw;
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

    /// <summary>A file in memory with the codec that reads it.</summary>
    private sealed class Opened(SKData data, SKCodec codec) : IDisposable
    {
        public SKData Data => data;

        public SKCodec Codec => codec;

        public SKEncodedOrigin Origin { get; } =
            codec.EncodedFormat == SKEncodedImageFormat.Png ? PngOrientation.Of(data.AsSpan()) : codec.EncodedOrigin;

        /// <summary>Size as displayed, and format.</summary>
        public ImageInfo Info
        {
            get
            {
                bool turned = SwapsSides(Origin);
                return new(turned ? codec.Info.Width : codec.Info.Height, turned ? codec.Info.Height : codec.Info.Width,
                    codec.EncodedFormat.ToString().ToLowerInvariant());
            }
        }

        public void Dispose()
        {
            codec.Dispose();
            data.Dispose();
        }
    }
}
