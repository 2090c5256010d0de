using System.Text.Json;
using SkiaSharp;
using YoloTune.Images;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>The outline of a LabelMe shape.</summary>
internal static class LabelMeOutline
{
    private const int CircleCorners = 36;
    private const byte HalfCovered = 127;

    /// <summary>The outline as x, y pairs in pixels; null when the shape has none of its own, and that of its box is taken.</summary>
    /// <param name="type">rectangle, polygon, circle or mask.</param>
    /// <param name="points">Its points; of a circle the corners of its box.</param>
    /// <param name="shape">The shape.</param>
    public static double[]? Of(string type, (double X, double Y)[] points, JsonElement shape) => type switch
    {
        "polygon" or "rotation" or "oriented_rectangle" => [.. points.SelectMany(point => new[] { point.X, point.Y })],
        "circle" => Circle(points[0], points[1]),
        "mask" => Mask(points[0], JsonFile.Text(shape, "mask")),
        _ => null,
    };

    private static double[] Circle((double X, double Y) corner, (double X, double Y) other)
    {
        (double x, double y, double radius) = ((corner.X + other.X) / 2, (corner.Y + other.Y) / 2, Math.Abs(other.X - corner.X) / 2);
        return
        [
            .. Enumerable.Range(0, CircleCorners).SelectMany(i =>
            {
                double angle = 2 * Math.PI * i / CircleCorners;
                return new[] { x + radius * Math.Cos(angle), y + radius * Math.Sin(angle) };
            }),
        ];
    }

    // A PNG of the mask, whose top left corner lies at the first point.
    private static double[]? Mask((double X, double Y) corner, string? data)
    {
        if (data is null) return null;
        try
        {
            using SKBitmap? picture = SKBitmap.Decode(Convert.FromBase64String(data));
            if (picture is null) return null;
            byte[] pixels = [.. picture.Pixels.Select(colour => colour.Red > HalfCovered ? (byte)1 : (byte)0)];
            if (pixels.All(value => value == 0)) pixels = [.. picture.Pixels.Select(colour => colour.Red > 0 ? (byte)1 : (byte)0)];
            MaskPatch mask = new(0, 0, picture.Width, picture.Height, pixels, pixels.Count(value => value != 0));
            double[] outline = [.. MaskPolygon.Of(mask).SelectMany(point => new[] { corner.X + point.X + 0.5, corner.Y + point.Y + 0.5 })];
            return outline.Length >= 6 ? outline : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
