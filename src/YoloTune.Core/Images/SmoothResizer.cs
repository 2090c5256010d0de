namespace YoloTune.Images;

/// <summary>
/// Bilinear resizing of 8-bit images whose filter widens as the image shrinks, so that nothing is skipped: what the reference resizes
/// images
/// with that are classified as a whole. Weights of 22 bits; the horizontal pass first, rounded to 8 bits, then the vertical one.
/// </summary>
internal static class SmoothResizer
{
    private const int Bits = 22;

    /// <summary>The image at another size; the caller disposes it.</summary>
    public static ImageBuffer Resize(ImageBuffer source, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Resize(source, new(0, 0, source.Height, source.Width), height, width);
    }

    /// <summary>A part of the image at another size; pixels outside the part have no influence. The caller disposes it.</summary>
    public static ImageBuffer Resize(ImageBuffer source, ImageArea part, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        part.CheckInside(source);
        ImageBuffer target = ImageBuffer.Rent(height, width);
        Taps[] rows = AxisTaps(part.Height, height);
        int first = rows[0].First, end = rows[^1].End;
        using ImageBuffer middle = ImageBuffer.Rent(end - first, width);
        Taps[]? columns = part.Width == width ? null : AxisTaps(part.Width, width);
        for (int y = first; y < end; y++)
        {
            ReadOnlySpan<uint> from = source.Row(part.Top + y).Slice(part.Left, part.Width);
            if (columns is null) from.CopyTo(middle.Row(y - first));
            else Horizontal(from, middle.Row(y - first), columns);
        }
        for (int y = 0; y < height; y++)
        {
            if (part.Height == height) middle.Row(y).CopyTo(target.Row(y));
            else Vertical(middle, first, target.Row(y), rows[y]);
        }
        return target;
    }

    private static void Horizontal(ReadOnlySpan<uint> from, Span<uint> to, Taps[] columns)
    {
        for (int x = 0; x < to.Length; x++)
        {
            Taps taps = columns[x];
            int blue = 1 << (Bits - 1), green = blue, red = blue;
            ReadOnlySpan<uint> pixels = from.Slice(taps.First, taps.Weights.Length);
            for (int i = 0; i < pixels.Length; i++)
            {
                uint pixel = pixels[i];
                int weight = taps.Weights[i];
                blue += (int)(pixel & 255) * weight;
                green += (int)((pixel >> 8) & 255) * weight;
                red += (int)((pixel >> 16) & 255) * weight;
            }
            to[x] = Pixel(blue, green, red);
        }
    }

    private static void Vertical(ImageBuffer from, int firstRow, Span<uint> to, Taps taps)
    {
        int start = taps.First - firstRow;
        for (int x = 0; x < to.Length; x++)
        {
            int blue = 1 << (Bits - 1), green = blue, red = blue;
            for (int i = 0; i < taps.Weights.Length; i++)
            {
                uint pixel = from.Row(start + i)[x];
                int weight = taps.Weights[i];
                blue += (int)(pixel & 255) * weight;
                green += (int)((pixel >> 8) & 255) * weight;
                red += (int)((pixel >> 16) & 255) * weight;
            }
            to[x] = Pixel(blue, green, red);
        }
    }

    private static uint Pixel(int blue, int green, int red) =>
        0xFF000000u | ((uint)Level(red) << 16) | ((uint)Level(green) << 8) | (uint)Level(blue);

    private static int Level(int sum) => Math.Clamp(sum >> Bits, 0, 255);

    private static Taps[] AxisTaps(int length, int wanted)
    {
        double ratio = length / (double)wanted, reach = Math.Max(ratio, 1);
        Taps[] taps = new Taps[wanted];
        for (int i = 0; i < wanted; i++)
        {
            double centre = (i + 0.5) * ratio;
            int first = Math.Max((int)(centre - reach + 0.5), 0), end = Math.Min((int)(centre + reach + 0.5), length);
            double[] weights = new double[end - first];
            for (int x = first; x < end; x++) weights[x - first] = Math.Max(0, 1 - Math.Abs((x - centre + 0.5) / reach));
            double sum = weights.Sum();
            taps[i] = new(first, [.. weights.Select(weight => (int)((weight / sum * (1 << Bits)) + 0.5))]);
        }
        return taps;
    }

    /// <summary>The source pixels that make one pixel of the target, and their weights.</summary>
    private readonly record struct Taps(int First, int[] Weights)
    {
        public int End => First + Weights.Length;
    }
}
