using SkiaSharp;

namespace YoloTune.Drawing;

/// <summary>The classes of an image's pixels, to be laid over it in their colours.</summary>
/// <param name="Classes">The class of each pixel, row by row, or -1.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
internal sealed record MaskOverlay(short[] Classes, int Rows, int Columns)
{
    private const byte Opacity = 153; // 0.6, as in the reference's grids

    /// <summary>Lays the colours over a rectangle of a canvas.</summary>
    internal void Draw(SKCanvas canvas, SKRect area)
    {
        byte[] pixels = new byte[4 * Rows * Columns];
        for (int i = 0; i < Classes.Length; i++)
        {
            if (Classes[i] < 0) continue;
            SKColor colour = ClassPalette.Colour(Classes[i]);
            (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) = (colour.Red, colour.Green, colour.Blue, Opacity);
        }
        SKImageInfo info = new(Columns, Rows, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using SKImage image = SKImage.FromPixelCopy(info, pixels, 4 * Columns);
        canvas.DrawImage(image, area, new SKSamplingOptions(SKFilterMode.Linear));
    }
}
