using SkiaSharp;
using YoloTune.Basics;

namespace YoloTune.Drawing;

/// <summary>Reads pictures upright and writes them whole: a file is either complete or not there.</summary>
internal static class PictureFile
{
    private const int JpegQuality = 92;

    /// <summary>Writes a picture as JPEG, PNG or WebP by the path's extension.</summary>
    /// <exception cref="ArgumentException">The extension names no format that can be written.</exception>
    public static void Save(SKImage image, string path)
    {
        SKEncodedImageFormat format = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".jpg" or ".jpeg" => SKEncodedImageFormat.Jpeg,
            ".png" => SKEncodedImageFormat.Png,
            ".webp" => SKEncodedImageFormat.Webp,
            _ => throw new ArgumentException($"'{path}': choose .jpg, .jpeg, .png or .webp; no other picture is written.", nameof(path)),
        };
        using SKData data = image.Encode(format, JpegQuality)
            ?? throw new ArgumentException($"'{path}': {image.Width} x {image.Height} pixels cannot be stored as {format}.", nameof(path));
        Write(path, stream => data.SaveTo(stream));
    }

    /// <inheritdoc cref="Save(SKImage, string)"/>
    public static void Save(SKBitmap bitmap, string path)
    {
        using SKImage image = SKImage.FromBitmap(bitmap);
        Save(image, path);
    }

    /// <inheritdoc cref="Save(SKImage, string)"/>
    public static void Save(SKSurface surface, string path)
    {
        using SKImage image = surface.Snapshot();
        Save(image, path);
    }

    /// <summary>Writes a file through a temporary one beside it, creating its folder.</summary>
    public static void Write(string path, Action<Stream> content)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, content);
    }

    /// <summary>Decodes a picture and turns it upright by its EXIF orientation, as training and prediction see it.</summary>
    /// <exception cref="DatasetException">The file is missing or no picture.</exception>
    public static SKBitmap Load(string path)
    {
        if (!File.Exists(path)) throw new DatasetException("There is no such picture.", path, remedy: "Check the path.");
        using FileStream stream = SharedFile.Open(path);
        using SKCodec? codec = SKCodec.Create(stream);
        SKBitmap? bitmap = codec is null ? null : SKBitmap.Decode(codec, new SKImageInfo(codec.Info.Width, codec.Info.Height));
        if (bitmap is null)
        {
            throw new DatasetException("The file is not a picture that can be read.", path, remedy: "Convert it to JPEG or PNG.");
        }
        return codec!.EncodedOrigin == SKEncodedOrigin.TopLeft ? bitmap : Turn(bitmap, codec.EncodedOrigin);
    }

    private static SKBitmap Turn(SKBitmap stored, SKEncodedOrigin origin)
    {
        float w = stored.Width, h = stored.Height;
        SKMatrix matrix = origin switch
        {
            SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, w, 0, 1, 0, 0, 0, 1),
            SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, w, 0, -1, h, 0, 0, 1),
            SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, h, 0, 0, 1),
            SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightTop => new SKMatrix(0, -1, h, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, h, -1, 0, w, 0, 0, 1),
            SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, w, 0, 0, 1),
            _ => SKMatrix.Identity,
        };
        bool sideways = origin >= SKEncodedOrigin.LeftTop;
        var upright = new SKBitmap(sideways ? stored.Height : stored.Width, sideways ? stored.Width : stored.Height);
        using (stored)
        using (SKCanvas canvas = new(upright))
        {
            canvas.SetMatrix(matrix);
            canvas.DrawBitmap(stored, 0, 0);
        }
        return upright;
    }
}
