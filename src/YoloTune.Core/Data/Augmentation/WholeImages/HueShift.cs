using YoloTune.Images;

namespace YoloTune.Data.Augmentation.WholeImages;

/// <summary>Turns the hue of an image, with hue, saturation and value in 8 bits each.</summary>
internal static class HueShift
{
    /// <summary>Turns the hue, in place.</summary>
    /// <param name="image">The image.</param>
    /// <param name="shift">The fraction of the circle, -0.5 to 0.5.</param>
    public static void Apply(ImageBuffer image, double shift)
    {
        byte turn = unchecked((byte)(int)(255 * shift));
        Span<uint> pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i++)
        {
            (byte hue, byte saturation, byte value) =
                ToHsv((int)(pixels[i] >> 16) & 255, (int)(pixels[i] >> 8) & 255, (int)pixels[i] & 255);
            pixels[i] = ToPixel(unchecked((byte)(hue + turn)), saturation, value);
        }
    }

    private static (byte Hue, byte Saturation, byte Value) ToHsv(int red, int green, int blue)
    {
        int high = Math.Max(red, Math.Max(green, blue)), low = Math.Min(red, Math.Min(green, blue));
        if (high == low) return (0, 0, (byte)high);
        float range = high - low, saturation = range / high;
        float r = (high - red) / range, g = (high - green) / range, b = (high - blue) / range;
        float hue = red == high ? b - g : green == high ? (float)(2.0 + r - b) : (float)(4.0 + g - r);
        hue = (float)(((hue / 6.0) + 1.0) % 1.0);
        return ((byte)Math.Clamp((int)(hue * 255.0), 0, 255), (byte)Math.Clamp((int)(saturation * 255.0), 0, 255), (byte)high);
    }

    private static uint ToPixel(byte hue, byte saturation, byte value)
    {
        if (saturation == 0) return Pixel(value, value, value);
        int sector = (int)Math.Floor(hue * 6.0 / 255.0);
        float rest = (float)((hue * 6.0 / 255.0) - sector), fraction = (float)(saturation / 255.0);
        int p = Round(value * (1.0 - fraction)), q = Round(value * (1.0 - (fraction * rest))),
            t = Round(value * (1.0 - (fraction * (1.0 - rest))));
        return (sector % 6) switch
        {
            0 => Pixel(value, t, p),
            1 => Pixel(q, value, p),
            2 => Pixel(p, value, t),
            3 => Pixel(p, q, value),
            4 => Pixel(t, p, value),
            _ => Pixel(value, p, q),
        };
    }

    private static int Round(double level) => Math.Clamp((int)Math.Floor(level + 0.5), 0, 255);

    private static uint Pixel(int red, int green, int blue) => 0xFF000000u | ((uint)red << 16) | ((uint)green << 8) | (uint)blue;
}
