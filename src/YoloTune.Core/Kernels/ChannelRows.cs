using System.Runtime.Intrinsics;

namespace YoloTune.Kernels;

/// <summary>
/// A dense map of R pixels with C channels side by side, looked at as rows of a whole number of vector blocks: several pixels are one row,
/// and the values of each channel are repeated along it. The rows are cut into parts that depend on the shape alone, so that sums are
/// added up in the same order whatever the number of threads.
/// </summary>
internal readonly struct ChannelRows
{
    /// <summary>Values that a loop body works on at most: four of the widest vectors, whose sums do not wait for each other.</summary>
    public const int Block = 64;

    private const int MostParts = 64;
    private const long LeastPart = 1 << 15;

    public ChannelRows(long pixels, int channels)
    {
        (Pixels, Channels) = (pixels, channels);
        // The largest power of two in the channels is what they share with the block.
        int repeats = Block / Math.Min(Block, channels & -channels);
        PixelsInRow = repeats;
        Width = channels * repeats;
        Rows = pixels / repeats;
        Rest = (int)(pixels - (Rows * repeats)) * channels;
        Parts = (int)Math.Clamp(pixels * channels / LeastPart, 1, MostParts);
    }

    /// <summary>Pixels.</summary>
    public long Pixels { get; }

    /// <summary>Channels.</summary>
    public int Channels { get; }

    /// <summary>Pixels of a row.</summary>
    public int PixelsInRow { get; }

    /// <summary>Values of a row.</summary>
    public int Width { get; }

    /// <summary>Whole rows.</summary>
    public long Rows { get; }

    /// <summary>Values behind the last whole row.</summary>
    public int Rest { get; }

    /// <summary>Parts the rows are cut into.</summary>
    public int Parts { get; }

    /// <summary>First row of a part.</summary>
    public long Start(int part) => Rows * part / Parts;

    /// <summary>
    /// Where a value of a row lies, counted from the row in a map whose pixels are <paramref name="stride"/> values apart.
    /// </summary>
    public long Offset(int value, long stride) => (value / Channels * stride) + (value % Channels);

    /// <summary>One value a channel, repeated along a row.</summary>
    public float[] Repeat(ReadOnlySpan<float> values)
    {
        float[] row = new float[Width];
        for (int i = 0; i < Width; i += Channels) values.CopyTo(row.AsSpan(i));
        return row;
    }

    /// <summary>Adds up the parts' sums, [parts, width], by channel.</summary>
    public double[] Fold(ReadOnlySpan<float> sums)
    {
        Span<double> row = new double[Width];
        for (int part = 0; part < Parts; part++)
        {
            ReadOnlySpan<float> more = sums.Slice(part * Width, Width);
            // A row is a whole number of blocks, so that no value is left over.
            for (int i = 0; i < Width; i += Vector256<float>.Count)
            {
                (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.Create(more[i..]));
                Span<double> at = row[i..];
                (Vector256.Create<double>(at) + lower).CopyTo(at);
                (Vector256.Create<double>(at[Vector256<double>.Count..]) + upper).CopyTo(at[Vector256<double>.Count..]);
            }
        }
        double[] folded = new double[Channels];
        for (int i = 0; i < Width; i += Channels)
        {
            for (int channel = 0; channel < Channels; channel++) folded[channel] += row[i + channel];
        }
        return folded;
    }
}
