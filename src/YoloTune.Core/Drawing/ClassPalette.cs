using SkiaSharp;
using YoloTune.Evaluation;

namespace YoloTune.Drawing;

/// <summary>
/// Colours for class ids: hues a golden angle apart, so that neighbours differ most, in three lightnesses of the OKLCH colour space
/// (B. Ottosson, "A perceptual color space for image processing", 2020), so that equal steps look equal.
/// </summary>
internal static class ClassPalette
{
    private const double GoldenAngle = 137.50776405003785;
    private const double FirstHue = 255;
    private const int MostInLegend = 40;
    private static readonly double[] Lightnesses = [0.62, 0.74, 0.52];

    /// <summary>The colour of a class; the same id always has the same colour.</summary>
    /// <param name="classId">The class id; negative ids (no class) are grey.</param>
    public static SKColor Colour(int classId)
    {
        if (classId < 0) return new SKColor(0x80, 0x80, 0x80);
        double hue = (FirstHue + classId * GoldenAngle) * Math.PI / 180;
        double lightness = Lightnesses[classId % Lightnesses.Length];
        for (double chroma = 0.20; ; chroma -= 0.01)
        {
            if (TryConvert(lightness, chroma, hue, out SKColor colour) || chroma <= 0) return colour;
        }
    }

    /// <summary>The colours of the classes of objects, most frequent first, with their names.</summary>
    public static IReadOnlyList<(SKColor Colour, string Text)> Legend(IEnumerable<ImageObject> objects) =>
    [
        .. objects.GroupBy(item => (item.ClassId, item.ClassName)).OrderByDescending(group => group.Count()).Take(MostInLegend)
            .Select(group => (Colour(group.Key.ClassId), group.Key.ClassName)),
    ];

    /// <summary>Black or white, whichever reads better on a background.</summary>
    public static SKColor TextOn(SKColor background) => Luminance(background) > 0.30 ? SKColors.Black : SKColors.White;

    private static double Luminance(SKColor c) => 0.2126 * Linear(c.Red) + 0.7152 * Linear(c.Green) + 0.0722 * Linear(c.Blue);

    private static double Linear(byte value)
    {
        double v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
    }

    private static bool TryConvert(double lightness, double chroma, double hue, out SKColor colour)
    {
        double a = chroma * Math.Cos(hue), b = chroma * Math.Sin(hue);
        double l = Cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        double m = Cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        double s = Cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        double red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
        double green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
        double blue = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
        colour = new SKColor(Encode(red), Encode(green), Encode(blue));
        return InRange(red) && InRange(green) && InRange(blue);
    }

    private static double Cube(double v) => v * v * v;

    private static bool InRange(double v) => v is >= -0.001 and <= 1.001;

    private static byte Encode(double linear)
    {
        double v = Math.Clamp(linear, 0, 1);
        v = v <= 0.0031308 ? 12.92 * v : 1.055 * Math.Pow(v, 1 / 2.4) - 0.055;
        return (byte)Math.Round(v * 255);
    }
}
