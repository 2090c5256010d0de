using System.Text;

namespace YoloTune.Images;

/// <summary>
/// COCO's run lengths of a mask: column by column, beginning with the zeros. As text each number is the difference to the one before the
/// last, five bits to a character, the lowest first.
/// </summary>
internal static class RunLengths
{
    private const int Bits = 5, More = 1 << Bits, Sign = More >> 1, FirstCharacter = '0';

    /// <summary>The run lengths of a mask.</summary>
    public static long[] Count(MaskPatch mask, int height, int width)
    {
        List<long> runs = [];
        byte last = 0;
        long run = 0;
        for (int x = 0; x < width; x++)
        {
            for (int y = 0; y < height; y++)
            {
                byte value = mask.At(x, y);
                if (value != last)
                {
                    runs.Add(run);
                    (run, last) = (0, value);
                }
                run++;
            }
        }
        runs.Add(run);
        return [.. runs];
    }

    /// <summary>The text of run lengths.</summary>
    public static string Write(IReadOnlyList<long> runs)
    {
        StringBuilder text = new();
        for (int i = 0; i < runs.Count; i++)
        {
            long value = i > 2 ? runs[i] - runs[i - 2] : runs[i];
            bool more;
            do
            {
                long low = value & (More - 1);
                value >>= Bits;
                more = (low & Sign) != 0 ? value != -1 : value != 0;
                text.Append((char)(FirstCharacter + low + (more ? More : 0)));
            }
            while (more);
        }
        return text.ToString();
    }

    /// <summary>The run lengths of a text.</summary>
    /// <exception cref="FormatException">The text is none of run lengths.</exception>
    public static long[] Read(string text)
    {
        List<long> runs = [];
        for (int at = 0; at < text.Length;)
        {
            long value = 0;
            int shift = 0;
            bool more = true;
            while (more)
            {
                if (at >= text.Length || text[at] < FirstCharacter || text[at] >= FirstCharacter + 2 * More || shift > 60)
                    throw new FormatException("The text of run lengths is damaged.");
                long digit = text[at++] - FirstCharacter;
                value |= (digit & (More - 1)) << shift;
                shift += Bits;
                more = (digit & More) != 0;
                if (!more && (digit & Sign) != 0) value |= -1L << shift;
            }
            if (runs.Count > 2) value += runs[^2];
            if (value < 0) throw new FormatException("The text of run lengths is damaged.");
            runs.Add(value);
        }
        return [.. runs];
    }

    /// <summary>The mask of run lengths.</summary>
    /// <exception cref="FormatException">They do not fill the picture.</exception>
    public static MaskPatch Fill(IReadOnlyList<long> runs, int height, int width)
    {
        if (runs.Any(run => run < 0) || runs.Sum() != (long)height * width)
            throw new FormatException(FormattableString.Invariant($"The run lengths do not fill {width} x {height} pixels."));
        byte[] pixels = new byte[height * width];
        int position = 0, area = 0;
        for (int i = 0; i < runs.Count; i++)
        {
            for (long k = 0; k < runs[i]; k++, position++)
            {
                if (i % 2 == 0) continue;
                pixels[position % height * width + position / height] = 1;
                area++;
            }
        }
        return new(0, 0, width, height, pixels, area);
    }
}
