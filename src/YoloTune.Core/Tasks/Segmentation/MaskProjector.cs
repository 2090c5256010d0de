using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using YoloTune.Images;

namespace YoloTune.Tasks.Segmentation;

/// <summary>
/// Makes masks of the prototypes of one image: the sum of the prototypes, weighted by an object's coefficients, is positive where the
/// object
/// is. Only the pixels in an object's box are computed.
/// </summary>
internal sealed class MaskProjector
{
    private readonly torch.Tensor prototypes;
    private readonly int masks, height, width;

    /// <summary>Takes prototypes, which stay the caller's; what has to be copied belongs to the caller's dispose scope.</summary>
    /// <param name="prototypes">Prototype masks [masks, height, width].</param>
    public MaskProjector(torch.Tensor prototypes)
    {
        (masks, height, width) = ((int)prototypes.shape[0], (int)prototypes.shape[1], (int)prototypes.shape[2]);
        IsRounded = prototypes.device_type == DeviceType.CPU;
        this.prototypes = prototypes.detach().to(torch.float32).cpu().contiguous();
    }

    /// <summary>Rows of the prototypes.</summary>
    public int Height => height;

    /// <summary>Columns of the prototypes.</summary>
    public int Width => width;

    /// <summary>Whether the boxes of few objects are rounded, as the reference does on a processor.</summary>
    private bool IsRounded { get; }

    /// <summary>The mask of an object at the size of the prototypes.</summary>
    /// <param name="coefficients">Its coefficients [masks].</param>
    /// <param name="box">x1, y1, x2, y2 in pixels of the prototypes.</param>
    /// <param name="objects">Objects of the image; boxes of few are rounded.</param>
    public MaskPatch Low(ReadOnlySpan<float> coefficients, ReadOnlySpan<float> box, int objects)
    {
        Region region = Crop(box, objects);
        if (region.IsEmpty) return MaskPatch.Empty;
        float[] logits = Logits(coefficients, region, pad: 0);
        byte[] pixels = new byte[logits.Length];
        int area = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            if (logits[i] > 0) (pixels[i], area) = (1, area + 1);
        }
        return area == 0 ? MaskPatch.Empty : new(region.Left, region.Top, region.Columns, region.Rows, pixels, area);
    }

    /// <summary>
    /// The mask of an object in a larger picture: cut to its box first, then enlarged bilinearly, as the reference predicts.
    /// </summary>
    /// <param name="coefficients">Its coefficients [masks].</param>
    /// <param name="box">x1, y1, x2, y2 in pixels of the prototypes.</param>
    /// <param name="objects">Objects of the image; boxes of few are rounded.</param>
    /// <param name="rows">Rows of the picture.</param>
    /// <param name="columns">Columns of the picture.</param>
    public MaskPatch Enlarged(ReadOnlySpan<float> coefficients, ReadOnlySpan<float> box, int objects, int rows, int columns)
    {
        Region region = Crop(box, objects);
        if (region.IsEmpty) return MaskPatch.Empty;
        // Zeros stand around the region, as they do beyond the box.
        float[] logits = Logits(coefficients, region, pad: 1);
        int stride = region.Columns + 2;
        (int top, int bottom) = Targets(region.Top, region.Bottom, height, rows);
        (int left, int right) = Targets(region.Left, region.Right, width, columns);
        int across = right - left + 1;
        int[] first = new int[across], second = new int[across];
        float[] part = new float[across];
        for (int x = 0; x < across; x++)
        {
            (int from, int to, part[x]) = Source(left + x, width, columns);
            first[x] = Math.Clamp(from - region.Left + 1, 0, stride - 1);
            second[x] = Math.Clamp(to - region.Left + 1, 0, stride - 1);
        }
        float[] upper = new float[across], lower = new float[across];
        (int upperRow, int lowerRow) = (-1, -1);
        byte[] pixels = new byte[(bottom - top + 1) * across];
        int area = 0, at = 0;
        for (int y = top; y <= bottom; y++)
        {
            (int from, int to, float share) = Source(y, height, rows);
            int one = Math.Clamp(from - region.Top + 1, 0, region.Rows + 1), two = Math.Clamp(to - region.Top + 1, 0, region.Rows + 1);
            if (one == lowerRow) ((upper, lower), (upperRow, lowerRow)) = ((lower, upper), (lowerRow, upperRow));
            if (one != upperRow) Across(upperRow = one, upper);
            if (two != upperRow && two != lowerRow) Across(lowerRow = two, lower);
            float[] other = two == upperRow ? upper : lower;
            float rest = 1 - share;
            area += Threshold(upper, other, rest, share, pixels.AsSpan(at, across));
            at += across;
        }
        return area == 0 ? MaskPatch.Empty : new(left, top, across, bottom - top + 1, pixels, area);

        void Across(int row, float[] result)
        {
            ReadOnlySpan<float> values = logits.AsSpan(row * stride, stride);
            for (int x = 0; x < result.Length; x++) result[x] = (1 - part[x]) * values[first[x]] + part[x] * values[second[x]];
        }
    }

    /// <summary>
    /// The mask of an object in the original image: enlarged bilinearly first, then cut to its box, so that its edge is as fine as the
    /// prototypes allow.
    /// </summary>
    /// <param name="coefficients">Its coefficients [masks].</param>
    /// <param name="box">x1, y1, x2, y2 in pixels of the original.</param>
    /// <param name="objects">Objects of the image; boxes of few are rounded.</param>
    /// <param name="rows">Rows of the original.</param>
    /// <param name="columns">Columns of the original.</param>
    public MaskPatch Native(ReadOnlySpan<float> coefficients, ReadOnlySpan<float> box, int objects, int rows, int columns)
    {
        Region target = Crop(box, objects, rows, columns);
        if (target.IsEmpty) return MaskPatch.Empty;
        (int top, int left, int height, int width) = new MaskFrame(this.height, this.width, rows, columns).Window;
        int firstRow = Source(target.Top, height, rows).First, firstColumn = Source(target.Left, width, columns).First;
        Region source = new(
            left + firstColumn, top + firstRow, left + Source(target.Right - 1, width, columns).Second + 1,
            top + Source(target.Bottom - 1, height, rows).Second + 1);
        float[] logits = Logits(coefficients, source, pad: 0);
        byte[] pixels = new byte[target.Rows * target.Columns];
        int area = 0;
        for (int y = target.Top, at = 0; y < target.Bottom; y++)
        {
            (int one, int two, float down) = Source(y, height, rows);
            ReadOnlySpan<float> upper = logits.AsSpan((one - firstRow) * source.Columns, source.Columns);
            ReadOnlySpan<float> lower = logits.AsSpan((two - firstRow) * source.Columns, source.Columns);
            for (int x = target.Left; x < target.Right; x++, at++)
            {
                (int from, int to, float along) = Source(x, width, columns);
                (from, to) = (from - firstColumn, to - firstColumn);
                float above = ((1 - along) * upper[from]) + (along * upper[to]), below = ((1 - along) * lower[from]) + (along * lower[to]);
                if (((1 - down) * above) + (down * below) > 0) (pixels[at], area) = (1, area + 1);
            }
        }
        return area == 0 ? MaskPatch.Empty : new(target.Left, target.Top, target.Columns, target.Rows, pixels, area);
    }

    // 32 pixels at a time where the processor has vectors of 8 numbers.
    private static int Threshold(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, float rest, float share, Span<byte> row)
    {
        int x = 0, lanes = Vector<float>.Count;
        for (; x + 4 * lanes <= row.Length; x += 4 * lanes)
        {
            Vector<short> left = Vector.Narrow(Above(upper, lower, x), Above(upper, lower, x + lanes));
            Vector<short> right = Vector.Narrow(Above(upper, lower, x + 2 * lanes), Above(upper, lower, x + 3 * lanes));
            // All bits of a lane that is above are set: -1.
            Vector.Negate(Vector.Narrow(left, right)).As<sbyte, byte>().CopyTo(row[x..]);
        }
        for (; x < row.Length; x++) row[x] = rest * upper[x] + share * lower[x] > 0 ? (byte)1 : (byte)0;
        return row.Count((byte)1);

        Vector<int> Above(ReadOnlySpan<float> above, ReadOnlySpan<float> below, int start) => Vector.GreaterThan(
            new Vector<float>(above[start..]) * rest + new Vector<float>(below[start..]) * share, Vector<float>.Zero);
    }

    private Region Crop(ReadOnlySpan<float> box, int objects) => Crop(box, objects, height, width);

    private Region Crop(ReadOnlySpan<float> box, int objects, int rows, int columns)
    {
        bool rounds = IsRounded && objects < MaskCrop.Many;
        (int left, int top) = (First(box[0]), First(box[1]));
        return new(left, top, Math.Min(First(box[2]), columns), Math.Min(First(box[3]), rows));

        int First(float edge) =>
            (int)Math.Clamp(rounds ? MathF.Round(Math.Max(edge, 0)) : MathF.Ceiling(edge), 0, Math.Max(columns, rows));
    }

    private float[] Logits(ReadOnlySpan<float> coefficients, Region region, int pad)
    {
        int stride = region.Columns + 2 * pad;
        float[] logits = new float[stride * (region.Rows + 2 * pad)];
        ReadOnlySpan<float> all = MemoryMarshal.Cast<byte, float>(prototypes.bytes);
        for (int y = 0; y < region.Rows; y++)
        {
            Span<float> row = logits.AsSpan((y + pad) * stride + pad, region.Columns);
            for (int k = 0; k < masks; k++)
            {
                ReadOnlySpan<float> prototype =
                    all.Slice((k * height + region.Top + y) * width + region.Left, region.Columns);
                Add(row, prototype, coefficients[k]);
            }
        }
        return logits;
    }

    private static void Add(Span<float> sum, ReadOnlySpan<float> values, float factor)
    {
        Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(sum);
        ReadOnlySpan<Vector<float>> others = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (int i = 0; i < wide.Length; i++) wide[i] += others[i] * factor;
        for (int i = wide.Length * Vector<float>.Count; i < sum.Length; i++) sum[i] += values[i] * factor;
    }

    // The targets that see anything of the sources from first to before end.
    private static (int First, int Last) Targets(int first, int end, int source, int target)
    {
        float factor = target / (float)source;
        int from = Math.Max(0, (int)((first - 1) * factor) - 1), to = Math.Min(target - 1, (int)((end + 1) * factor) + 1);
        while (from < to && Source(from, source, target).Second < first) from++;
        while (to > from && Source(to, source, target).First >= end) to--;
        return (from, to);
    }

    private static (int First, int Second, float Part) Source(int index, int source, int target)
    {
        float position = Math.Max(0, (index + 0.5f) * (source / (float)target) - 0.5f);
        int first = (int)position;
        return (first, first < source - 1 ? first + 1 : first, position - first);
    }

    private readonly record struct Region(int Left, int Top, int Right, int Bottom)
    {
        public int Columns => Right - Left;

        public int Rows => Bottom - Top;

        public bool IsEmpty => Right <= Left || Bottom <= Top;
    }
}
