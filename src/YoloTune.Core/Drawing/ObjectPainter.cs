using System.Globalization;
using SkiaSharp;
using YoloTune.Evaluation;

namespace YoloTune.Drawing;

/// <summary>
/// Draws objects on a picture of a contact sheet. A small object gets a frame that leaves it free and no tag, because either would hide it.
/// </summary>
internal sealed class ObjectPainter(
    SKCanvas canvas, SKRect area, float scale, PicturePanel panel, Func<int, IReadOnlyList<DrawnLine>?> lines)
{
    private const float Small = 14, Clear = 3, TagHeight = 17, TagText = 12.5f, Thickest = 2.5f, RoomForTag = 1.6f;
    private const int MostTags = 14, LongestTag = 26;
    private readonly List<SKRect> tags = [];

    /// <summary>Draws all objects of the panel.</summary>
    public void Paint()
    {
        canvas.Save();
        canvas.ClipRect(area);
        // What is in the way of others first: large objects and, on top, mistakes.
        ImageObject[] order = [.. panel.Objects.OrderBy(item => panel.ByVerdict && item.Verdict > ObjectVerdict.Correct)
            .ThenByDescending(item => item.Area)];
        foreach (ImageObject item in order) Shape(item);
        bool few = panel.Objects.Count <= MostTags;
        foreach (ImageObject item in Enumerable.Reverse(order))
        {
            SKRect box = Box(item);
            float width = Math.Min(PictureFont.Measure(Text(item), TagText, bold: true) + 8, area.Width);
            bool important = panel.ByVerdict && item.Verdict > ObjectVerdict.Correct;
            bool fits = (box.Height >= 2 * TagHeight && width <= RoomForTag * box.Width) || item.IsWhole;
            if (fits && (few || important)) Tag(item, box, width);
        }
        canvas.Restore();
    }

    private SKColor Colour(ImageObject item) => panel.ByVerdict ? VerdictColours.Of(item) : ClassPalette.Colour(item.ClassId);

    private SKRect Box(ImageObject item) => new(
        area.Left + ((float)item.X1 * scale), area.Top + ((float)item.Y1 * scale),
        area.Left + ((float)item.X2 * scale), area.Top + ((float)item.Y2 * scale));

    private void Shape(ImageObject item)
    {
        SKRect box = Box(item);
        float side = Math.Min(box.Width, box.Height), line = Math.Clamp(side * 0.06f, 1, Thickest);
        SKColor colour = Colour(item);
        using SKPaint paint = new() { IsAntialias = true, Color = colour, StrokeWidth = line, IsStroke = true };
        if (item.IsWhole)
        {
            paint.StrokeWidth = 5;
            canvas.DrawRect(SKRect.Inflate(area, -2.5f, -2.5f), paint);
            return;
        }
        using SKPath path = Outline(item, box);
        if (item.IsMask)
        {
            using SKPaint fill = new() { IsAntialias = true, Color = colour.WithAlpha(70) };
            canvas.DrawPath(path, fill);
        }
        using (SKPaint rim = new() { IsAntialias = true, Color = SKColors.Black.WithAlpha(120), StrokeWidth = line + 1.2f,
            IsStroke = true })
            canvas.DrawPath(path, rim);
        canvas.DrawPath(path, paint);
        if (item.Points is { } points) Points(item, points, Math.Max(1, line));
    }

    private SKPath Outline(ImageObject item, SKRect box)
    {
        SKPath path = new();
        bool small = Math.Max(box.Width, box.Height) < Small;
        if (item.Outline is { Count: > 4 } outline && !small)
        {
            path.AddPoly([.. Enumerable.Range(0, outline.Count / 2).Select(i =>
                new SKPoint(area.Left + (outline[2 * i] * scale), area.Top + (outline[(2 * i) + 1] * scale)))]);
        }
        else if (small)
        {
            float grown = Math.Max(Clear, (Small - Math.Max(box.Width, box.Height)) / 2);
            path.AddRect(SKRect.Inflate(box, grown, grown));
        }
        else path.AddRect(box);
        return path;
    }

    private void Points(ImageObject item, IReadOnlyList<float> values, float line)
    {
        DrawnPoint[] points = [.. Enumerable.Range(0, values.Count / 3).Select(k => new DrawnPoint(
            area.Left + (values[3 * k] * scale), area.Top + (values[(3 * k) + 1] * scale), values[(3 * k) + 2] > 0,
            panel.ByVerdict ? Colour(item) : ClassPalette.Colour(k)))];
        SkeletonPainter.Paint(canvas, new DrawnBox(0, 0, 0, 0, item.ClassId, "") { Points = points, Lines = lines(points.Length) }, line);
    }

    private static string Text(ImageObject item)
    {
        string name = PictureFont.Shorten(item.ClassName, LongestTag);
        return item.Confidence is { } sure ? string.Create(CultureInfo.InvariantCulture, $"{name} {sure:0.00}") : name;
    }

    private void Tag(ImageObject item, SKRect box, float width)
    {
        float left = Math.Clamp(box.Left, area.Left, Math.Max(area.Left, area.Right - width));
        float[] tops = item.IsWhole ? [area.Top + 5] : [box.Top - TagHeight, box.Bottom, box.Top, box.Bottom - TagHeight];
        foreach (float top in tops)
        {
            SKRect place = SKRect.Create(left, top, width, TagHeight);
            if (place.Top < area.Top || place.Bottom > area.Bottom || tags.Any(other => other.IntersectsWith(place))) continue;
            tags.Add(place);
            SKColor ground = Colour(item);
            using (SKPaint paint = new() { Color = ground, IsAntialias = true }) canvas.DrawRect(place, paint);
            PictureFont.Draw(canvas, Text(item), place.Left + 4, place.Top + 13, TagText, ClassPalette.TextOn(ground), bold: true);
            return;
        }
    }
}
