using YoloTune.Images;

namespace YoloTune.Data.Augmentation.WholeImages;

/// <summary>Operations on the levels of an image, in place.</summary>
internal static class ColourOperations
{
    private const int Levels = 256;

    /// <summary>Moves every level away from black by a factor.</summary>
    public static void Brightness(ImageBuffer image, float factor) => Blend(image, _ => 0, factor);

    /// <summary>Moves every pixel away from its grey by a factor.</summary>
    public static void Saturation(ImageBuffer image, float factor) => Blend(image, Grey, factor);

    /// <summary>Moves every level away from the mean grey by a factor.</summary>
    public static void Contrast(ImageBuffer image, float factor)
    {
        long sum = 0;
        Span<uint> pixels = image.Pixels;
        foreach (uint pixel in pixels) sum += Grey(pixel);
        int mean = (int)((sum / (double)pixels.Length) + 0.5);
        Blend(image, _ => mean, factor);
    }

    /// <summary>Moves every level away from the smoothed image by a factor; the border is not smoothed.</summary>
    public static void Sharpness(ImageBuffer image, float factor)
    {
        using ImageBuffer before = image.Clone();
        for (int y = 0; y < image.Height; y++)
        {
            Span<uint> row = image.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                bool border = y == 0 || x == 0 || y == image.Height - 1 || x == image.Width - 1;
                uint own = row[x], result = 0xFF000000u;
                for (int shift = 0; shift <= 16; shift += 8)
                {
                    int level = (int)(own >> shift) & 255;
                    int smooth = border ? level : Smoothed(before, y, x, shift);
                    result |= (uint)Blend(smooth, level, factor) << shift;
                }
                row[x] = result;
            }
        }
    }

    /// <summary>Keeps the upper bits of every level.</summary>
    public static void Posterize(ImageBuffer image, int bits)
    {
        int mask = bits <= 0 ? 0 : ~((1 << (8 - Math.Min(bits, 8))) - 1);
        Map(image, Table(level => level & mask));
    }

    /// <summary>Inverts levels that are not below a threshold.</summary>
    public static void Solarize(ImageBuffer image, float threshold) => Map(image, Table(level => level < threshold ? level : 255 - level));

    /// <summary>Inverts every level.</summary>
    public static void Invert(ImageBuffer image) => Map(image, Table(level => 255 - level));

    /// <summary>Stretches the levels of each channel over the whole range.</summary>
    public static void AutoContrast(ImageBuffer image) => MapChannels(image, counts =>
    {
        int low = Array.FindIndex(counts, count => count > 0), high = Array.FindLastIndex(counts, count => count > 0);
        if (high <= low) return null;
        double scale = 255.0 / (high - low), offset = -low * scale;
        return Table(level => Math.Clamp((int)((level * scale) + offset), 0, 255));
    });

    /// <summary>Spreads the levels of each channel so that all are about equally frequent.</summary>
    public static void Equalize(ImageBuffer image) => MapChannels(image, counts =>
    {
        int last = Array.FindLastIndex(counts, count => count > 0);
        int step = (counts.Sum() - counts[last]) / 255;
        if (counts.Count(count => count > 0) <= 1 || step == 0) return null;
        byte[] table = new byte[Levels];
        int n = step / 2;
        for (int i = 0; i < Levels; i++)
        {
            table[i] = (byte)Math.Min(n / step, 255);
            n += counts[i];
        }
        return table;
    });

    /// <summary>The grey of a pixel.</summary>
    private static int Grey(uint pixel) =>
        (int)(((19595 * ((pixel >> 16) & 255)) + (38470 * ((pixel >> 8) & 255)) + (7471 * (pixel & 255)) + 0x8000) >> 16);

    private static int Blend(int from, int level, float factor) => (int)Math.Clamp(from + (factor * (level - from)), 0f, 255f);

    private static void Blend(ImageBuffer image, Func<uint, int> from, float factor)
    {
        Span<uint> pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i++)
        {
            uint pixel = pixels[i];
            int start = from(pixel);
            pixels[i] = 0xFF000000u | ((uint)Blend(start, (int)(pixel >> 16) & 255, factor) << 16)
                | ((uint)Blend(start, (int)(pixel >> 8) & 255, factor) << 8) | (uint)Blend(start, (int)pixel & 255, factor);
        }
    }

    private static int Smoothed(ImageBuffer image, int y, int x, int shift)
    {
        const int Centre = 5, Sum = 13;
        int sum = 0;
        for (int row = y - 1; row <= y + 1; row++)
        {
            ReadOnlySpan<uint> pixels = image.Row(row);
            for (int column = x - 1; column <= x + 1; column++)
                sum += ((int)(pixels[column] >> shift) & 255) * (row == y && column == x ? Centre : 1);
        }
        return ((2 * sum) + Sum) / (2 * Sum);
    }

    private static byte[] Table(Func<int, int> level) => [.. Enumerable.Range(0, Levels).Select(i => (byte)level(i))];

    private static void Map(ImageBuffer image, byte[] table) => Map(image, table, table, table);

    private static void MapChannels(ImageBuffer image, Func<int[], byte[]?> tableOf)
    {
        byte[] same = Table(level => level);
        byte[][] tables = [same, same, same];
        for (int channel = 0; channel < tables.Length; channel++)
        {
            int[] counts = new int[Levels];
            foreach (uint pixel in image.Pixels) counts[(pixel >> (8 * channel)) & 255]++;
            tables[channel] = tableOf(counts) ?? same;
        }
        Map(image, tables[0], tables[1], tables[2]);
    }

    private static void Map(ImageBuffer image, byte[] blue, byte[] green, byte[] red)
    {
        Span<uint> pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i++)
        {
            uint pixel = pixels[i];
            pixels[i] = 0xFF000000u | ((uint)red[(pixel >> 16) & 255] << 16) | ((uint)green[(pixel >> 8) & 255] << 8) | blue[pixel & 255];
        }
    }
}
