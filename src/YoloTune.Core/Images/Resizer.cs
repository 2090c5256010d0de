using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace YoloTune.Images;

/// <summary>
/// Bilinear resizing of 8-bit images in fixed point, level by level what the reference's image library computes: source position
/// (d + 0.5) * (source / target) - 0.5, weights of 11 bits, a horizontal pass in integers and a vertical pass of 16-bit products.
/// Shrinking both sides exactly 2:1 takes the mean of 2 x 2 pixels instead.
/// </summary>
internal static class Resizer
{
    private const int WeightScale = 2048;

    /// <summary>
    /// The size after the dataset loader: the long side becomes <paramref name="imageSize"/>, the other one is rounded up.
    /// </summary>
    public static (int Height, int Width) LongSideSize(int height, int width, int imageSize)
    {
        double ratio = imageSize / (double)Math.Max(height, width);
        if (ratio == 1) return (height, width);
        return (Math.Min((int)Math.Ceiling(height * ratio), imageSize), Math.Min((int)Math.Ceiling(width * ratio), imageSize));
    }

    /// <summary>The image at another size: a new image, or the same one shared when the size is already right.</summary>
    public static ImageBuffer Resize(ImageBuffer source, int height, int width)
    {
        if (source.Height == height && source.Width == width) return source.Share();
        ImageBuffer target = ImageBuffer.Rent(height, width);
        ResizeInto(source, target);
        return target;
    }

    /// <summary>Fills <paramref name="target"/> with the resized <paramref name="source"/>; they must not be the same image.</summary>
    public static void ResizeInto(ImageBuffer source, ImageBuffer target)
    {
        if (source.Height == target.Height && source.Width == target.Width)
        {
            source.Bytes.CopyTo(target.Bytes);
            return;
        }
        if (source.Height == 2 * target.Height && source.Width == 2 * target.Width)
        {
            Halve(source, target);
            return;
        }
        Bilinear(source, target);
    }

    private static void Halve(ImageBuffer source, ImageBuffer target)
    {
        for (int y = 0; y < target.Height; y++)
        {
            ReadOnlySpan<byte> upper = MemoryMarshal.AsBytes(source.Row(2 * y));
            ReadOnlySpan<byte> lower = MemoryMarshal.AsBytes(source.Row(2 * y + 1));
            Span<byte> result = MemoryMarshal.AsBytes(target.Row(y));
            int i = 0;
            if (Vector256.IsHardwareAccelerated && Avx2.IsSupported)
            {
                // Per 128-bit lane: four source pixels become two sums of horizontal neighbours, as 16-bit channels.
                Vector256<byte> pairs = Vector256.Create(
                    (byte)0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15, 0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
                Vector256<sbyte> ones = Vector256.Create((sbyte)1);
                Vector256<short> two = Vector256.Create((short)2);
                for (; i + 16 <= result.Length; i += 16)
                {
                    Vector256<byte> above = Vector256.Create(upper.Slice(2 * i, 32));
                    Vector256<byte> below = Vector256.Create(lower.Slice(2 * i, 32));
                    Vector256<short> sum = Avx2.MultiplyAddAdjacent(Avx2.Shuffle(above, pairs), ones)
                        + Avx2.MultiplyAddAdjacent(Avx2.Shuffle(below, pairs), ones);
                    Vector256<short> mean = Vector256.ShiftRightLogical(sum + two, 2);
                    Vector256<ulong> packed = Avx2.Permute4x64(
                        Avx2.PackUnsignedSaturate(mean, mean).AsUInt64(), 0b_00_00_10_00);
                    packed.GetLower().AsByte().CopyTo(result.Slice(i, 16));
                }
            }
            for (; i < result.Length; i++)
            {
                int left = 2 * (i & ~3) + (i & 3);
                result[i] = (byte)((upper[left] + upper[left + 4] + lower[left] + lower[left + 4] + 2) >> 2);
            }
        }
    }

    private static void Bilinear(ImageBuffer source, ImageBuffer target)
    {
        int width = target.Width;
        int[] offsets = ArrayPool<int>.Shared.Rent(width + 8);
        int[] weights = ArrayPool<int>.Shared.Rent(width + 8);
        short[] upper = ArrayPool<short>.Shared.Rent(width * 4 + 64);
        short[] lower = ArrayPool<short>.Shared.Rent(width * 4 + 64);
        int upperRow = -1, lowerRow = -1;
        BuildColumns(source.Width, width, offsets, weights);
        double step = source.Height / (double)target.Height;
        for (int y = 0; y < target.Height; y++)
        {
            // Rows beyond the edge repeat it but keep their weight, other than columns: so does the library whose levels these are.
            (int before, int weight) = Position(y, step);
            int first = Math.Clamp(before, 0, source.Height - 1), second = Math.Clamp(before + 1, 0, source.Height - 1);
            if (first == lowerRow)
            {
                (upper, lower) = (lower, upper);
                (upperRow, lowerRow) = (lowerRow, upperRow);
            }
            if (first != upperRow) Horizontal(source, upperRow = first, offsets, weights, upper, width);
            if (second != upperRow && second != lowerRow) Horizontal(source, lowerRow = second, offsets, weights, lower, width);
            Vertical(upper, second == upperRow ? upper : lower, weight, MemoryMarshal.AsBytes(target.Row(y)));
        }
        ArrayPool<int>.Shared.Return(offsets);
        ArrayPool<int>.Shared.Return(weights);
        ArrayPool<short>.Shared.Return(upper);
        ArrayPool<short>.Shared.Return(lower);
    }

    /// <summary>The source index before a target position (-1 before the edge), and the weight (of 2048) of the index after it.</summary>
    private static (int Index, int Weight) Position(int target, double step)
    {
        float position = (float)((target + 0.5) * step - 0.5);
        int index = (int)MathF.Floor(position);
        return (index, (int)MathF.Round((position - index) * WeightScale));
    }

    private static void BuildColumns(int sourceWidth, int width, int[] offsets, int[] weights)
    {
        double step = sourceWidth / (double)width;
        for (int x = 0; x < width; x++)
        {
            (int index, int weight) = Position(x, step);
            if (index < 0) (index, weight) = (0, 0);
            if (index >= sourceWidth - 1) (index, weight) = (sourceWidth - 1, 0);
            offsets[x] = index * ImageBuffer.BytesPerPixel;
            weights[x] = (WeightScale - weight) | (weight << 16);
        }
        // The vector loop works on four columns at a time; the last group may read further.
        offsets.AsSpan(width, 8).Clear();
        weights.AsSpan(width, 8).Clear();
    }

    private static void Horizontal(ImageBuffer source, int row, int[] offsets, int[] weights, short[] result, int width)
    {
        ref byte pixels = ref Unsafe.Add(ref source.Start, row * source.Stride);
        ref short output = ref MemoryMarshal.GetArrayDataReference(result);
        int x = 0;
        if (Avx2.IsSupported)
        {
            const byte Zero = 0x80;
            Vector256<byte> pairs = Vector256.Create(
                0, Zero, 4, Zero, 1, Zero, 5, Zero, 2, Zero, 6, Zero, 3, Zero, 7, Zero,
                0, Zero, 4, Zero, 1, Zero, 5, Zero, 2, Zero, 6, Zero, 3, Zero, 7, Zero);
            for (; x < width; x += 4)
            {
                Vector256<int> even = Avx2.MultiplyAddAdjacent(
                    Avx2.Shuffle(TwoPairs(ref pixels, offsets[x], offsets[x + 2]), pairs).AsInt16(),
                    Vector256.Create(Vector128.Create(weights[x]), Vector128.Create(weights[x + 2])).AsInt16());
                Vector256<int> odd = Avx2.MultiplyAddAdjacent(
                    Avx2.Shuffle(TwoPairs(ref pixels, offsets[x + 1], offsets[x + 3]), pairs).AsInt16(),
                    Vector256.Create(Vector128.Create(weights[x + 1]), Vector128.Create(weights[x + 3])).AsInt16());
                Avx2.PackSignedSaturate(Vector256.ShiftRightArithmetic(even, 4), Vector256.ShiftRightArithmetic(odd, 4))
                    .StoreUnsafe(ref output, (nuint)(4 * x));
            }
            return;
        }
        for (; x < width; x++)
        {
            ref byte pixel = ref Unsafe.Add(ref pixels, offsets[x]);
            int left = weights[x] & 0xFFFF, right = weights[x] >> 16;
            for (int c = 0; c < 4; c++)
                Unsafe.Add(ref output, 4 * x + c) = (short)((Unsafe.Add(ref pixel, c) * left + Unsafe.Add(ref pixel, c + 4) * right) >> 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> TwoPairs(ref byte pixels, int first, int second) => Vector256.Create(
        Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref pixels, first))).AsByte(),
        Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref pixels, second))).AsByte());

    private static void Vertical(short[] upper, short[] lower, int weight, Span<byte> result)
    {
        int complement = WeightScale - weight;
        int i = 0;
        if (Avx2.IsSupported)
        {
            ref short above = ref MemoryMarshal.GetArrayDataReference(upper);
            ref short below = ref MemoryMarshal.GetArrayDataReference(lower);
            Vector256<short> first = Vector256.Create((short)complement), second = Vector256.Create((short)weight);
            Vector256<short> two = Vector256.Create((short)2);
            for (; i + 32 <= result.Length; i += 32)
            {
                Vector256<short> left = Sum(Vector256.LoadUnsafe(ref above, (nuint)i), Vector256.LoadUnsafe(ref below, (nuint)i));
                Vector256<short> right = Sum(
                    Vector256.LoadUnsafe(ref above, (nuint)(i + 16)), Vector256.LoadUnsafe(ref below, (nuint)(i + 16)));
                Vector256<byte> packed = Avx2.Permute4x64(
                    Avx2.PackUnsignedSaturate(left, right).AsUInt64(), 0b_11_01_10_00).AsByte();
                packed.CopyTo(result.Slice(i, 32));
            }
            Vector256<short> Sum(Vector256<short> a, Vector256<short> b) => Vector256.ShiftRightArithmetic(
                Avx2.MultiplyHigh(a, first) + Avx2.MultiplyHigh(b, second) + two, 2);
        }
        for (; i < result.Length; i++)
            result[i] = (byte)Math.Min(255, (((complement * upper[i]) >> 16) + ((weight * lower[i]) >> 16) + 2) >> 2);
    }
}
