using SkiaSharp;

namespace YoloTune.Drawing;

/// <summary>Writes the classes of a whole image into its upper left corner.</summary>
internal static class ClassListPainter
{
    private const double Margin = 0.03, TextHeight = 0.035;
    private const float Smallest = 10, Largest = 64;

    /// <summary>Reads a picture, turned upright by its EXIF orientation, writes the lines on it and saves the result.</summary>
    /// <param name="imagePath">The picture to read.</param>
    /// <param name="lines">Class ids, which decide the colours, and texts, best first.</param>
    /// <param name="path">The picture to write: .jpg, .jpeg, .png or .webp. Its folder is created.</param>
    public static void Save(string imagePath, IReadOnlyList<(int ClassId, string Text)> lines, string path)
    {
        ArgumentNullException.ThrowIfNull(lines);
        using SKBitmap image = PictureFile.Load(imagePath);
        using SKBitmap copy = new(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using (SKCanvas canvas = new(copy))
        {
            canvas.Clear(SKColors.White);
            canvas.DrawBitmap(image, 0, 0);
            Paint(canvas, image.Width, image.Height, lines);
        }
        PictureFile.Save(copy, path);
    }

    private static void Paint(SKCanvas canvas, int width, int height, IReadOnlyList<(int ClassId, string Text)> lines)
    {
        float start = (float)Math.Round(Margin * height),
            text = (float)Math.Clamp(TextHeight * Math.Min(width, height), Smallest, Largest), top = start;
        foreach ((int classId, string line) in lines)
        {
            SKColor ground = ClassPalette.Colour(classId);
            SKRect place = SKRect.Create(start, top, PictureFont.Measure(line, text, bold: true) + (text * 0.5f), text * 1.3f);
            using (SKPaint paint = new() { Color = ground, IsAntialias = true }) canvas.DrawRect(place, paint);
            PictureFont.Draw(canvas, line, place.Left + (text * 0.25f), place.Top + (text * 1.01f), text,
                ClassPalette.TextOn(ground), bold: true);
            top += text * 1.3f;
        }
    }
}
