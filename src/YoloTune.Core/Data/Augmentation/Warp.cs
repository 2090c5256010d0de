using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using YoloTune.Images;

namespace YoloTune.Data.Augmentation;

/// <summary>
/// Warps a canvas of tiles into an image, bilinearly and with grey where no tile is. Positions are rounded to 1/32 pixel and the
/// weights are integers, as in the reference's image library, so that the levels come out equal. The canvas is never drawn: a row of
/// the output is cut into stretches whose four neighbours lie in one tile, which a vector kernel does, and the few pixels of the seams.
/// </summary>
internal static class Warp
{
    private const int FractionBits = 5;
    private const int Fractions = 1 << FractionBits;
    private const int PositionBits = 10;
    private const int PositionScale = 1 << PositionBits;
    private const int Rounding = 1 << (2 * FractionBits - 1);

    /// <summary>Fills <paramref name="target"/> with the canvas as <paramref name="matrix"/> maps it (canvas to target, 3 x 3).</summary>
    public static void Apply(ReadOnlySpan<WarpTile> tiles, float[] matrix, bool perspective, ImageBuffer target)
    {
        double[] inverse = Invert(matrix);
        if (perspective) Perspective(tiles, inverse, target);
        else Affine(tiles, inverse, target);
    }

    private static void Affine(ReadOnlySpan<WarpTile> tiles, double[] inverse, ImageBuffer target)
    {
        int width = target.Width;
        Columns columns = new(width, inverse);
        for (int y = 0; y < target.Height; y++)
        {
            int startX = Fixed(inverse[1] * y + inverse[2]), startY = Fixed(inverse[4] * y + inverse[5]);
            Span<uint> row = target.Row(y);
            row.Fill(ImageBuffer.FillPixel);
            foreach (WarpTile tile in tiles)
            {
                MosaicTile place = tile.Place;
                (int outerStart, int outerEnd) = Intersect(
                    columns.WhereX(startX, place.Left - 1, place.Right - 1), columns.WhereY(startY, place.Top - 1, place.Bottom - 1));
                if (outerStart >= outerEnd) continue;
                (int start, int end) = Intersect(
                    columns.WhereX(startX, place.Left, place.Right - 2), columns.WhereY(startY, place.Top, place.Bottom - 2));
                if (start >= end) (start, end) = (outerEnd, outerEnd);
                columns.Prepare(startX, startY, tile.Image.Stride, start, end);
                int origin = -(place.OriginY * tile.Image.Stride + place.OriginX * ImageBuffer.BytesPerPixel);
                Inside(tile.Image, origin, columns, row, start, end);
                for (int x = outerStart; x < start; x++) row[x] = Seam(tiles, columns.X(startX, x), columns.Y(startY, x));
                for (int x = end; x < outerEnd; x++) row[x] = Seam(tiles, columns.X(startX, x), columns.Y(startY, x));
            }
        }
        columns.Return();
    }

    private static void Perspective(ReadOnlySpan<WarpTile> tiles, double[] m, ImageBuffer target)
    {
        const double Limit = 1 << 20;
        for (int y = 0; y < target.Height; y++)
        {
            Span<uint> row = target.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                double divisor = m[6] * x + m[7] * y + m[8];
                double factor = divisor == 0 ? 0 : Fractions / divisor;
                int fixedX = (int)Math.Round(Math.Clamp((m[0] * x + m[1] * y + m[2]) * factor, -Limit, Limit));
                int fixedY = (int)Math.Round(Math.Clamp((m[3] * x + m[4] * y + m[5]) * factor, -Limit, Limit));
                row[x] = Seam(tiles, fixedX, fixedY);
            }
        }
    }

    /// <summary>A pixel whose neighbours may lie in several tiles or in none; the position is in 1/32 pixel.</summary>
    private static uint Seam(ReadOnlySpan<WarpTile> tiles, int fixedX, int fixedY)
    {
        (int x, int y) = (fixedX >> FractionBits, fixedY >> FractionBits);
        uint weightX = (uint)fixedX % Fractions, weightY = (uint)fixedY % Fractions;
        return Blend(
            At(tiles, x, y), At(tiles, x + 1, y), At(tiles, x, y + 1), At(tiles, x + 1, y + 1), weightX, weightY);
    }

    private static uint At(ReadOnlySpan<WarpTile> tiles, int x, int y)
    {
        foreach (ref readonly WarpTile tile in tiles)
        {
            if (tile.Contains(x, y)) return tile.Pixel(x, y);
        }
        return ImageBuffer.FillPixel;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Blend(uint p00, uint p01, uint p10, uint p11, uint weightX, uint weightY)
    {
        uint left = Fractions - weightX, top = Fractions - weightY, result = 0;
        for (int shift = 0; shift < 32; shift += 8)
        {
            uint above = ((p00 >> shift) & 255) * left + ((p01 >> shift) & 255) * weightX;
            uint below = ((p10 >> shift) & 255) * left + ((p11 >> shift) & 255) * weightX;
            result |= ((above * top + below * weightY + Rounding) >> (2 * FractionBits)) << shift;
        }
        return result;
    }

    private static void Inside(ImageBuffer image, int origin, Columns columns, Span<uint> row, int start, int end)
    {
        ref byte first = ref image.Start;
        int stride = image.Stride, x = start;
        int[] offsets = columns.Offsets, weightsY = columns.WeightsY;
        ulong[] weightsX = columns.WeightsX;
        if (Avx2.IsSupported)
        {
            Vector256<byte> pairs = Vector256.Create(
                (byte)0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15, 0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
            Vector256<int> even = Vector256.Create(0, 0, 0, 0, 2, 2, 2, 2), odd = Vector256.Create(1, 1, 1, 1, 3, 3, 3, 3);
            Vector256<int> half = Vector256.Create(Rounding);
            for (; x + 4 <= end; x += 4)
            {
                int o0 = origin + offsets[x], o1 = origin + offsets[x + 1], o2 = origin + offsets[x + 2], o3 = origin + offsets[x + 3];
                Vector256<sbyte> across = Vector256.LoadUnsafe(ref weightsX[x]).AsSByte();
                Vector256<short> above = Avx2.MultiplyAddAdjacent(Avx2.Shuffle(Load(ref first, o0, o1, o2, o3), pairs), across);
                Vector256<short> below = Avx2.MultiplyAddAdjacent(
                    Avx2.Shuffle(Load(ref first, o0 + stride, o1 + stride, o2 + stride, o3 + stride), pairs), across);
                Vector256<int> down = Vector128.LoadUnsafe(ref weightsY[x]).ToVector256Unsafe();
                Vector256<int> low = Avx2.MultiplyAddAdjacent(
                    Avx2.UnpackLow(above, below), Avx2.PermuteVar8x32(down, even).AsInt16());
                Vector256<int> high = Avx2.MultiplyAddAdjacent(
                    Avx2.UnpackHigh(above, below), Avx2.PermuteVar8x32(down, odd).AsInt16());
                Vector256<short> words = Avx2.PackSignedSaturate(
                    Vector256.ShiftRightLogical(low + half, 2 * FractionBits), Vector256.ShiftRightLogical(high + half, 2 * FractionBits));
                Vector256<ulong> bytes = Avx2.Permute4x64(Avx2.PackUnsignedSaturate(words, words).AsUInt64(), 0b_00_00_10_00);
                bytes.GetLower().AsUInt32().StoreUnsafe(ref row[x]);
            }
        }
        for (; x < end; x++)
        {
            ref byte pixel = ref Unsafe.Add(ref first, origin + offsets[x]);
            ulong upper = Unsafe.ReadUnaligned<ulong>(ref pixel), lower = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref pixel, stride));
            row[x] = Blend(
                (uint)upper, (uint)(upper >> 32), (uint)lower, (uint)(lower >> 32),
                (uint)(weightsX[x] >> 8) & 255, (uint)weightsY[x] >> 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Load(ref byte first, int o0, int o1, int o2, int o3) => Vector256.Create(
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, o0)), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, o1)),
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, o2)), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, o3))).AsByte();

    private static int Fixed(double position)
        => (int)Math.Clamp(Math.Round(position * PositionScale), int.MinValue / 4, int.MaxValue / 4) + PositionScale / Fractions / 2;

    private static (int Start, int End) Intersect((int Start, int End) a, (int Start, int End) b)
        => (Math.Max(a.Start, b.Start), Math.Min(a.End, b.End));

    private static double[] Invert(float[] m)
    {
        double[] a = Array.ConvertAll(m, value => (double)value);
        double determinant = a[0] * (a[4] * a[8] - a[5] * a[7]) - a[1] * (a[3] * a[8] - a[5] * a[6]) + a[2] * (a[3] * a[7] - a[4] * a[6]);
        double f = determinant == 0 ? 0 : 1 / determinant;
        return
        [
            (a[4] * a[8] - a[5] * a[7]) * f, (a[2] * a[7] - a[1] * a[8]) * f, (a[1] * a[5] - a[2] * a[4]) * f,
            (a[5] * a[6] - a[3] * a[8]) * f, (a[0] * a[8] - a[2] * a[6]) * f, (a[2] * a[3] - a[0] * a[5]) * f,
            (a[3] * a[7] - a[4] * a[6]) * f, (a[1] * a[6] - a[0] * a[7]) * f, (a[0] * a[4] - a[1] * a[3]) * f,
        ];
    }

    /// <summary>What depends on the column only, and the row's positions and weights.</summary>
    private sealed class Columns
    {
        // Four times the pair of bytes (32 - f, f), one pair a channel.
        private static readonly ulong[] PairOf =
            [.. Enumerable.Range(0, Fractions).Select(f => (ulong)(Fractions - f | f << 8) * 0x0001_0001_0001_0001)];

        private readonly int[] deltaX;
        private readonly int[] deltaY;
        private readonly double slopeX;
        private readonly double slopeY;
        private readonly int width;
        private int preparedX = int.MinValue;

        public Columns(int width, double[] inverse)
        {
            this.width = width;
            (slopeX, slopeY) = (inverse[0] * PositionScale, inverse[3] * PositionScale);
            deltaX = ArrayPool<int>.Shared.Rent(width);
            deltaY = ArrayPool<int>.Shared.Rent(width);
            Offsets = ArrayPool<int>.Shared.Rent(width);
            WeightsY = ArrayPool<int>.Shared.Rent(width + 4);
            WeightsX = ArrayPool<ulong>.Shared.Rent(width + 4);
            RowsX = ArrayPool<int>.Shared.Rent(width);
            for (int x = 0; x < width; x++)
            {
                deltaX[x] = (int)Math.Round(slopeX * x);
                deltaY[x] = (int)Math.Round(slopeY * x);
            }
        }

        /// <summary>Byte offset of the upper left neighbour from the canvas's origin, in the stride of the current tile.</summary>
        public int[] Offsets { get; }

        /// <summary>Weights across, as bytes.</summary>
        public ulong[] WeightsX { get; }

        /// <summary>Weights down, as two 16-bit numbers.</summary>
        public int[] WeightsY { get; }

        private int[] RowsX { get; }

        public int X(int start, int x) => (start + deltaX[x]) >> (PositionBits - FractionBits);

        public int Y(int start, int x) => (start + deltaY[x]) >> (PositionBits - FractionBits);

        /// <summary>The columns whose source column lies in [low, high].</summary>
        public (int Start, int End) WhereX(int start, int low, int high) => Where(deltaX, slopeX, start, low, high);

        /// <summary>The columns whose source row lies in [low, high].</summary>
        public (int Start, int End) WhereY(int start, int low, int high) => Where(deltaY, slopeY, start, low, high);

        public void Prepare(int startX, int startY, int stride, int start, int end)
        {
            if (slopeY == 0)
            {
                // Without rotation or shear the columns are the same in every row.
                if (startX != preparedX)
                {
                    for (int x = 0; x < width; x++)
                    {
                        int position = X(startX, x);
                        RowsX[x] = (position >> FractionBits) * ImageBuffer.BytesPerPixel;
                        WeightsX[x] = PairOf[position & (Fractions - 1)];
                    }
                    preparedX = startX;
                }
                int row = Y(startY, 0), offset = (row >> FractionBits) * stride;
                WeightsY.AsSpan(start, end - start).Fill(Down(row));
                for (int x = start; x < end; x++) Offsets[x] = RowsX[x] + offset;
                return;
            }
            preparedX = int.MinValue;
            for (int x = start; x < end; x++)
            {
                int across = X(startX, x), down = Y(startY, x);
                Offsets[x] = (across >> FractionBits) * ImageBuffer.BytesPerPixel + (down >> FractionBits) * stride;
                WeightsX[x] = PairOf[across & (Fractions - 1)];
                WeightsY[x] = Down(down);
            }
        }

        public void Return()
        {
            foreach (int[] array in (int[][])[deltaX, deltaY, Offsets, WeightsY, RowsX]) ArrayPool<int>.Shared.Return(array);
            ArrayPool<ulong>.Shared.Return(WeightsX);
        }

        private static int Down(int position)
        {
            int fraction = position & (Fractions - 1);
            return (Fractions - fraction) | fraction << 16;
        }

        // Positions along a row rise or fall throughout, so that the columns wanted are one stretch; its ends are guessed from the
        // slope and then set right on the rounded positions themselves.
        private (int Start, int End) Where(int[] delta, double slope, int start, int low, int high)
        {
            if (low > high) return (0, 0);
            long least = ((long)low << PositionBits) - start, most = ((long)(high + 1) << PositionBits) - start;
            if (slope == 0) return least <= 0 && most > 0 ? (0, width) : (0, 0);
            return slope > 0
                ? (First(delta, slope, least, 1), First(delta, slope, most, 1))
                : (First(delta, slope, 1 - most, -1), First(delta, slope, 1 - least, -1));
        }

        // The first column with sign * delta >= bound.
        private int First(int[] delta, double slope, long bound, int sign)
        {
            int x = (int)Math.Clamp(bound * sign / slope, 0, width);
            while (x > 0 && sign * (long)delta[x - 1] >= bound) x--;
            while (x < width && sign * (long)delta[x] < bound) x++;
            return x;
        }
    }
}
