using SkiaSharp;

namespace YoloTune.Drawing;

/// <summary>Draws the points of an object and the lines between them.</summary>
internal static class SkeletonPainter
{
    /// <summary>The radius of a point in line widths.</summary>
    private const float Radius = 1.5f;

    /// <summary>Draws the visible points of a box, and the lines between two visible ones.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="box">The object.</param>
    /// <param name="line">The width of the box's own line, in pixels.</param>
    public static void Paint(SKCanvas canvas, DrawnBox box, float line)
    {
        if (box.Points is not { } points) return;
        using SKPaint paint = new() { IsAntialias = true, IsStroke = true, StrokeWidth = line, StrokeCap = SKStrokeCap.Round };
        foreach (DrawnLine join in box.Lines ?? [])
        {
            if (!IsShown(points[join.From]) || !IsShown(points[join.To])) continue;
            paint.Color = join.Colour;
            canvas.DrawLine(points[join.From].X, points[join.From].Y, points[join.To].X, points[join.To].Y, paint);
        }
        paint.IsStroke = false;
        foreach (DrawnPoint point in points.Where(IsShown))
        {
            // A dark rim keeps a bright point visible on a bright ground.
            paint.Color = SKColors.Black.WithAlpha(140);
            canvas.DrawCircle(point.X, point.Y, (line * Radius) + 1, paint);
            paint.Color = point.Colour ?? ClassPalette.Colour(box.ClassId);
            canvas.DrawCircle(point.X, point.Y, line * Radius, paint);
        }
    }

    private static bool IsShown(DrawnPoint point) => point.IsVisible && float.IsFinite(point.X) && float.IsFinite(point.Y);
}
