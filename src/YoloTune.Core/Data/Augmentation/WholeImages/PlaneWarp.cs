using YoloTune.Images;

namespace YoloTune.Data.Augmentation.WholeImages;

/// <summary>
/// Shears, shifts and rotations: every pixel is looked up where it comes from, bilinearly; what comes from outside is black.
/// </summary>
internal static class PlaneWarp
{
    private const uint Black = 0xFF000000u;
    private const int Digits = 15;

    /// <summary>Shifts rows against each other.</summary>
    public static ImageBuffer ShearX(ImageBuffer image, double amount) => Apply(image, 1, amount, 0, 0, 1, 0);

    /// <summary>Shifts columns against each other.</summary>
    public static ImageBuffer ShearY(ImageBuffer image, double amount) => Apply(image, 1, 0, 0, amount, 1, 0);

    /// <summary>Shifts the image by whole pixels.</summary>
    public static ImageBuffer Translate(ImageBuffer image, int right, int down) => Apply(image, 1, 0, -right, 0, 1, -down);

    /// <summary>Rotates the image about its middle, counter-clockwise on the screen.</summary>
    public static ImageBuffer Rotate(ImageBuffer image, double degrees)
    {
        double angle = degrees * Math.PI / 180;
        double cos = Math.Round(Math.Cos(angle), Digits), sin = Math.Round(Math.Sin(angle), Digits);
        double x = image.Width / 2.0, y = image.Height / 2.0;
        return Apply(image, cos, -sin, (cos * -x) + (sin * y) + x, sin, cos, (-sin * x) + (cos * -y) + y);
    }

    /// <summary>The image whose pixel with the centre (x, y) comes from (a x + b y + c, d x + e y + f).</summary>
    private static ImageBuffer Apply(ImageBuffer image, double a, double b, double c, double d, double e, double f)
    {
        ImageBuffer result = ImageBuffer.Rent(image.Height, image.Width);
        for (int row = 0; row < image.Height; row++)
        {
            Span<uint> target = result.Row(row);
            for (int column = 0; column < target.Length; column++)
            {
                double x = column + 0.5, y = row + 0.5;
                double u = (a * x) + (b * y) + c, v = (d * x) + (e * y) + f;
                target[column] = u < 0 || u >= image.Width || v < 0 || v >= image.Height ? Black : Sample(image, u - 0.5, v - 0.5);
            }
        }
        return result;
    }

    private static uint Sample(ImageBuffer image, double u, double v)
    {
        int x = (int)Math.Floor(u), y = (int)Math.Floor(v);
        double dx = u - x, dy = v - y;
        int left = Math.Clamp(x, 0, image.Width - 1), right = Math.Clamp(x + 1, 0, image.Width - 1);
        ReadOnlySpan<uint> upper = image.Row(Math.Clamp(y, 0, image.Height - 1)), lower = image.Row(Math.Clamp(y + 1, 0, image.Height - 1));
        uint a = upper[left], b = upper[right], c = lower[left], d = lower[right], pixel = Black;
        for (int shift = 0; shift <= 16; shift += 8)
        {
            double top = Between(Level(a, shift), Level(b, shift), dx), bottom = Between(Level(c, shift), Level(d, shift), dx);
            pixel |= (uint)(byte)Between(top, bottom, dy) << shift;
        }
        return pixel;
    }

    private static double Between(double first, double second, double part) => first + ((second - first) * part);

    private static int Level(uint pixel, int shift) => (int)(pixel >> shift) & 255;
}
