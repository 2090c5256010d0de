using SkiaSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Drawing;

/// <summary>A grid of a batch's images as the network sees them, with boxes: labels or predictions.</summary>
internal static class BatchMosaicPicture
{
    /// <summary>At most so many images stand in one picture.</summary>
    public const int MostImages = 16;

    /// <summary>The longest side of the picture in pixels.</summary>
    public const int LongestSide = 1920;

    /// <summary>
    /// Writes the grid: ceil(sqrt(count)) images a side, filled column by column on white, shrunk until no side exceeds
    /// <see cref="LongestSide"/>.
    /// </summary>
    /// <param name="images">Pixels [N, 3, H, W], uint8, RGB, on any device; images after the 16th are left out.</param>
    /// <param name="boxes">For each image its boxes in pixels of the batch's frame (0 to W, 0 to H); may be shorter than N.</param>
    /// <param name="path">The picture to write: .jpg, .jpeg, .png or .webp. Its folder is created.</param>
    /// <param name="captions">For each image a caption, such as its file name; null for none.</param>
    /// <param name="overlays">For each image the class at each of its pixels; null for none.</param>
    /// <exception cref="ArgumentException">The tensor is not a batch of uint8 RGB images, or the extension is unknown.</exception>
    public static void Save(
        Tensor images, IReadOnlyList<IReadOnlyList<DrawnBox>> boxes, string path, IReadOnlyList<string>? captions = null,
        IReadOnlyList<MaskOverlay>? overlays = null)
    {
        if (images.dim() != 4 || images.shape[0] < 1 || images.shape[1] != 3 || images.dtype != ScalarType.Byte)
        {
            throw new ArgumentException(
                $"A picture grid takes uint8 images [N, 3, H, W], not {images.dtype} [{string.Join(", ", images.shape)}].", nameof(images));
        }
        int count = (int)Math.Min(images.shape[0], MostImages), height = (int)images.shape[2], width = (int)images.shape[3];
        int side = (int)Math.Ceiling(Math.Sqrt(count));
        float scale = Math.Min(1, (float)LongestSide / (side * Math.Max(width, height)));
        float tileWidth = MathF.Floor(width * scale), tileHeight = MathF.Floor(height * scale);
        using SKSurface surface = SKSurface.Create(new SKImageInfo((int)tileWidth * side, (int)tileHeight * side));
        surface.Canvas.Clear(SKColors.White);
        for (int i = 0; i < count; i++)
        {
            SKRect tile = SKRect.Create(i / side * tileWidth, i % side * tileHeight, tileWidth, tileHeight);
            using (SKImage image = ToImage(images, i, width, height))
            {
                surface.Canvas.DrawImage(image, tile, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
            }
            if (overlays is not null && i < overlays.Count) overlays[i].Draw(surface.Canvas, tile);
            if (i < boxes.Count)
                DetectionPainter.Paint(surface.Canvas, tile, [.. boxes[i].Select(b => b.Move(tile.Left, tile.Top, scale))]);
            if (captions is not null && i < captions.Count) DrawCaption(surface.Canvas, tile, captions[i]);
            using var rim = new SKPaint { Color = SKColors.White, IsStroke = true, StrokeWidth = 2 };
            surface.Canvas.DrawRect(tile, rim);
        }
        PictureFile.Save(surface, path);
    }

    private static SKImage ToImage(Tensor images, int index, int width, int height)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor rgb = images[index].cpu();
        Tensor opaque = full([1, height, width], 255, dtype: ScalarType.Byte);
        Tensor pixels = cat([rgb, opaque], 0).permute(1, 2, 0).contiguous();
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        return SKImage.FromPixelCopy(info, pixels.bytes.ToArray(), width * 4);
    }

    private static void DrawCaption(SKCanvas canvas, SKRect tile, string caption)
    {
        float size = Math.Clamp(tile.Width * 0.035f, 9, 16), room = tile.Width - size;
        int length = caption.Length;
        string shown = caption;
        while (length > 4 && PictureFont.Measure(shown, size) > room) shown = PictureFont.Shorten(caption, --length);
        float width = PictureFont.Measure(shown, size) + size * 0.6f;
        SKRect ground = SKRect.Create(tile.Left + 1, tile.Bottom - size * 1.4f - 1, width, size * 1.4f);
        using var paint = new SKPaint { Color = SKColors.Black.WithAlpha(150) };
        canvas.DrawRect(ground, paint);
        PictureFont.Draw(canvas, shown, ground.Left + size * 0.3f, ground.Bottom - size * 0.38f, size, SKColors.White);
    }
}
