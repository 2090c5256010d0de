using SkiaSharp;

namespace YoloTune.Tests.Drawing;

/// <summary>Counts what was drawn.</summary>
internal static class Ink
{
    /// <summary>Pixels that differ clearly from a colour inside a rectangle of a picture.</summary>
    public static int Count(SKBitmap picture, SKColor ground, SKRectI? area = null)
    {
        SKRectI r = area ?? new SKRectI(0, 0, picture.Width, picture.Height);
        int ink = 0;
        for (int y = r.Top; y < r.Bottom; y++)
        {
            for (int x = r.Left; x < r.Right; x++)
            {
                if (Distance(picture.GetPixel(x, y), ground) > 60) ink++;
            }
        }
        return ink;
    }

    public static int Distance(SKColor a, SKColor b) => Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue);
}
