using System.Globalization;
using SkiaSharp;
using YoloTune.Basics;

namespace YoloTune.Drawing;

/// <summary>Draws boxes with class name and confidence on pictures.</summary>
internal static class DetectionPainter
{
    private const int LongestName = 40;

    /// <summary>Draws boxes on a copy of a picture.</summary>
    /// <param name="image">The picture; it stays as it is.</param>
    /// <param name="boxes">Boxes in pixels of the picture; parts outside it are cut off, boxes that are no numbers are left out.</param>
    /// <returns>The annotated copy; the caller disposes it.</returns>
    public static SKBitmap Paint(SKBitmap image, IReadOnlyList<DrawnBox> boxes)
    {
        var copy = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using SKCanvas canvas = new(copy);
        canvas.Clear(SKColors.White);
        canvas.DrawBitmap(image, 0, 0);
        Paint(canvas, SKRect.Create(image.Width, image.Height), boxes);
        return copy;
    }

    /// <summary>Draws boxes on a picture and writes the result as JPEG, PNG or WebP by the extension of <paramref name="path"/>.</summary>
    /// <exception cref="ArgumentException">The extension names no format that can be written.</exception>
    public static void Save(SKBitmap image, IReadOnlyList<DrawnBox> boxes, string path)
    {
        using SKBitmap painted = Paint(image, boxes);
        PictureFile.Save(painted, path);
    }

    /// <summary>Reads a picture, turned upright by its EXIF orientation, draws boxes on it and writes the result.</summary>
    /// <param name="imagePath">The picture to read.</param>
    /// <param name="boxes">Boxes in pixels of the upright picture.</param>
    /// <param name="path">The picture to write: .jpg, .jpeg, .png or .webp. Its folder is created.</param>
    /// <exception cref="DatasetException">The picture is missing or cannot be read.</exception>
    /// <exception cref="ArgumentException">The extension names no format that can be written.</exception>
    public static void Save(string imagePath, IReadOnlyList<DrawnBox> boxes, string path) => Save(imagePath, boxes, path, []);

    /// <summary>As above, with masks below the boxes.</summary>
    internal static void Save(string imagePath, IReadOnlyList<DrawnBox> boxes, string path, IReadOnlyList<DrawnMask> masks)
    {
        using SKBitmap image = PictureFile.Load(imagePath);
        using SKBitmap plain = Paint(image, []);
        MaskBlend.Apply(plain, masks);
        Save(masks.Count > 0 ? plain : image, boxes, path);
    }

    /// <summary>Draws boxes inside a rectangle of a canvas, in the canvas's pixels.</summary>
    internal static void Paint(SKCanvas canvas, SKRect area, IReadOnlyList<DrawnBox> boxes)
    {
        double side = Math.Sqrt((double)area.Width * area.Height);
        float line = (float)Math.Clamp(side * 0.0035, 2, 12);
        float text = (float)Math.Clamp(side * 0.022, 10, 64);
        canvas.Save();
        canvas.ClipRect(area);
        // The surest last, so that it lies on top; its label is placed first and so has the best place.
        List<DrawnBox> order = [.. boxes.Where(IsDrawable).OrderBy(b => b.Confidence ?? 1)];
        foreach (DrawnBox box in order) DrawFrame(canvas, box, line);
        foreach (DrawnBox box in order) SkeletonPainter.Paint(canvas, box, line);
        var places = new List<(DrawnBox Box, SKRect Place)>();
        foreach (DrawnBox box in Enumerable.Reverse(order))
        {
            string label = Label(box);
            if (label.Length == 0) continue;
            places.Add((box, Place(area, box, PictureFont.Measure(label, text, bold: true) + text * 0.5f, text * 1.3f, line, places)));
        }
        foreach ((DrawnBox box, SKRect place) in Enumerable.Reverse(places)) DrawLabel(canvas, box, place, text);
        canvas.Restore();
    }

    private static bool IsDrawable(DrawnBox b)
        => float.IsFinite(b.X1) && float.IsFinite(b.Y1) && float.IsFinite(b.X2) && float.IsFinite(b.Y2);

    private static string Label(DrawnBox box)
    {
        string name = PictureFont.Shorten(box.ClassName, LongestName);
        if (box.Confidence is not { } confidence) return name;
        return string.Create(CultureInfo.InvariantCulture, $"{name} {confidence:0.00}").TrimStart();
    }

    private static void DrawFrame(SKCanvas canvas, DrawnBox box, float line)
    {
        using SKPath frame = Frame(box);
        using var paint = new SKPaint { IsStroke = true, IsAntialias = true, StrokeJoin = SKStrokeJoin.Miter };
        // A dark rim keeps a bright box visible on a bright ground.
        paint.Color = SKColors.Black.WithAlpha(110);
        paint.StrokeWidth = line + Math.Max(1, line * 0.5f);
        canvas.DrawPath(frame, paint);
        paint.Color = ClassPalette.Colour(box.ClassId);
        paint.StrokeWidth = line;
        canvas.DrawPath(frame, paint);
    }

    private static SKPath Frame(DrawnBox box)
    {
        SKPath path = new();
        if (box.Corners is { Count: > 0 } corners) path.AddPoly([.. corners.Select(corner => new SKPoint(corner.X, corner.Y))]);
        else path.AddRect(new SKRect(box.X1, box.Y1, box.X2, box.Y2).Standardized);
        return path;
    }

    /// <summary>Above the box, below it or inside it: the first place that covers no other label, else the one that covers least.</summary>
    private static SKRect Place(
        SKRect area, DrawnBox box, float width, float height, float line, List<(DrawnBox Box, SKRect Place)> taken)
    {
        float left = Math.Max(area.Left, Math.Min(box.X1 - line / 2, area.Right - width));
        float right = Math.Max(area.Left, Math.Min(box.X2 + line / 2 - width, area.Right - width));
        float half = line / 2;
        float[] tops = [box.Y1 - half - height, box.Y1 + half, box.Y2 + half, box.Y2 - half - height];
        SKRect best = SKRect.Empty;
        float least = float.PositiveInfinity;
        foreach (float top in tops)
        {
            foreach (float x in new[] { left, right })
            {
                float y = Math.Clamp(top, area.Top, Math.Max(area.Top, area.Bottom - height));
                SKRect place = SKRect.Create(x, y, width, height);
                float covered = taken.Sum(t => Overlap(t.Place, place)) + Math.Abs(y - top) * width;
                if (covered >= least) continue;
                (best, least) = (place, covered);
                if (covered == 0) return best;
            }
        }
        return best;
    }

    private static float Overlap(SKRect a, SKRect b)
        => Math.Max(0, Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left))
            * Math.Max(0, Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top));

    private static void DrawLabel(SKCanvas canvas, DrawnBox box, SKRect place, float text)
    {
        SKColor ground = ClassPalette.Colour(box.ClassId);
        using (var paint = new SKPaint { Color = ground, IsAntialias = true }) canvas.DrawRect(place, paint);
        PictureFont.Draw(
            canvas, Label(box), place.Left + text * 0.25f, place.Top + text * 1.01f, text, ClassPalette.TextOn(ground), bold: true);
    }
}
