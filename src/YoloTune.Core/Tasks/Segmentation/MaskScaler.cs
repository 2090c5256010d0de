using YoloTune.Data.Augmentation;
using YoloTune.Images;

namespace YoloTune.Tasks.Segmentation;

/// <summary>
/// Makes masks of outlines at a fraction of the picture's size: filled at full size and reduced in the fixed point arithmetic of 8-bit
/// pictures, so that a pixel is set where its sample is at least half covered.
/// </summary>
internal sealed class MaskScaler : IDisposable
{
    private const int WeightScale = 2048;

    private readonly Stencil stencil;
    private readonly Sample[] rows, columns;
    private readonly bool whole, halves;

    /// <summary>Prepares masks for a picture's size.</summary>
    public MaskScaler(int height, int width, int ratio)
    {
        stencil = new(height, width);
        (Height, Width) = (Math.Max(1, height / ratio), Math.Max(1, width / ratio));
        whole = (Height, Width) == (height, width);
        halves = height == 2 * Height && width == 2 * Width;
        rows = Samples(height, Height, keepsWeight: true);
        columns = Samples(width, Width, keepsWeight: false);
    }

    /// <summary>Rows of the masks.</summary>
    public int Height { get; }

    /// <summary>Columns of the masks.</summary>
    public int Width { get; }

    /// <summary>The mask of an outline.</summary>
    /// <param name="polygon">x, y pairs in pixels of the picture.</param>
    public MaskPatch Draw(float[] polygon)
    {
        stencil.Clear();
        stencil.Fill(polygon);
        if (stencil.Bottom < stencil.Top) return MaskPatch.Empty;
        (int top, int bottom) = Range(rows, stencil.Top, stencil.Bottom);
        (int left, int right) = Range(columns, stencil.Left, stencil.Right);
        if (top > bottom || left > right) return MaskPatch.Empty;
        byte[] pixels = new byte[(bottom - top + 1) * (right - left + 1)];
        int area = 0, at = 0;
        for (int y = top; y <= bottom; y++)
        {
            Sample row = rows[y];
            ReadOnlySpan<byte> upper = stencil.Row(row.First), lower = stencil.Row(row.Second);
            for (int x = left; x <= right; x++)
            {
                byte value = Value(upper, lower, row, columns[x]);
                pixels[at++] = value;
                area += value;
            }
        }
        return new(left, top, right - left + 1, bottom - top + 1, pixels, area);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => stencil.Dispose();

    private byte Value(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Sample row, Sample column)
    {
        if (whole) return upper[column.First];
        if (halves) return (byte)((upper[column.First] + upper[column.Second] + lower[column.First] + lower[column.Second] + 2) >> 2);
        int above = (upper[column.First] * (WeightScale - column.Weight) + upper[column.Second] * column.Weight) >> 4;
        int below = (lower[column.First] * (WeightScale - column.Weight) + lower[column.Second] * column.Weight) >> 4;
        return (byte)(((((WeightScale - row.Weight) * above) >> 16) + ((row.Weight * below) >> 16) + 2) >> 2);
    }

    // The targets that may see anything of the source's first to last.
    private static (int First, int Last) Range(Sample[] samples, int first, int last)
    {
        int from = 0, to = samples.Length - 1;
        while (from <= to && samples[from].Second < first) from++;
        while (to >= from && samples[to].First > last) to--;
        return (from, to);
    }

    private static Sample[] Samples(int source, int target, bool keepsWeight)
    {
        Sample[] samples = new Sample[target];
        double step = source / (double)target;
        for (int i = 0; i < target; i++)
        {
            float position = (float)((i + 0.5) * step - 0.5);
            int index = (int)MathF.Floor(position), weight = (int)MathF.Round((position - index) * WeightScale);
            if (!keepsWeight && (index < 0 || index >= source - 1)) weight = 0;
            samples[i] = new(Math.Clamp(index, 0, source - 1), Math.Clamp(index + 1, 0, source - 1), weight);
        }
        return samples;
    }

    private readonly record struct Sample(int First, int Second, int Weight);
}
