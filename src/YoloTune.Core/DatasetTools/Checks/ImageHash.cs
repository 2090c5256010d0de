using System.Numerics;
using YoloTune.Basics;
using YoloTune.Images;

namespace YoloTune.DatasetTools.Checks;

/// <summary>
/// A perceptual hash of an image, a difference hash: the grey image is averaged down to a grid of cells, and each bit tells whether a cell
/// is brighter than its neighbour. Copies that were resized or compressed again differ in a few bits, other pictures in about half of them.
/// </summary>
/// <remarks>
/// Twice 16 x 16 bits: brightness from left to right and from top to bottom. The arithmetic is in whole numbers, so that every machine
/// finds the same bits.
/// </remarks>
public readonly record struct ImageHash
{
    /// <summary>Number of bits.</summary>
    public const int Bits = 2 * Side * Side;

    /// <summary>
    /// The most bits by which two images may differ and still be taken for the same picture. Nine tenths of copies at 60 % of the size, at
    /// JPEG quality 40, brighter by 10 % or cropped by 2 % differ in at most 44; different pictures of coco128 differ in at least 146, of
    /// BCCD in at least 177 (except for one pair with 36 that shows the same cells), and drawn shapes on one background in at least 80.
    /// </summary>
    public const int DefaultDistance = 48;

    private const int Side = 16, Words = Bits / 64;
    private const int DecodedSide = 64;

    private readonly ulong[] words;

    private ImageHash(ulong[] words) => this.words = words;

    /// <summary>The hash of an image file; a JPEG is decoded at reduced scale.</summary>
    /// <exception cref="DatasetException">The image cannot be decoded.</exception>
    public static ImageHash Of(string path)
    {
        using ImageBuffer image = ImageDecoder.DecodeReduced(path, DecodedSide, out _);
        return Of(image);
    }

    /// <summary>The hash of an image.</summary>
    internal static ImageHash Of(ImageBuffer image)
    {
        long[] grid = Average(image, Side + 1);
        ulong[] words = new ulong[Words];
        int bit = 0;
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                long here = grid[y * (Side + 1) + x];
                Set(here < grid[y * (Side + 1) + x + 1]);
                Set(here < grid[(y + 1) * (Side + 1) + x]);
            }
        }
        return new(words);

        void Set(bool value)
        {
            if (value) words[bit / 64] |= 1UL << (bit % 64);
            bit++;
        }
    }

    /// <summary>Number of bits that differ, or null when they are more than <paramref name="most"/>, which is found sooner.</summary>
    public int? DistanceTo(ImageHash other, int most)
    {
        int distance = 0;
        for (int i = 0; i < Words; i++)
        {
            distance += BitOperations.PopCount(words[i] ^ other.words[i]);
            if (distance > most) return null;
        }
        return distance;
    }

    /// <summary>Whether both have the same bits.</summary>
    public bool Equals(ImageHash other) => words.AsSpan().SequenceEqual(other.words);

    /// <inheritdoc/>
    public override int GetHashCode() => words[0].GetHashCode();

    /// <summary>The bits as hexadecimal digits.</summary>
    public override string ToString() =>
        string.Concat(words.Select(word => word.ToString("x16", System.Globalization.CultureInfo.InvariantCulture)));

    // Mean brightness of each cell in 1/256 levels; a cell of a small image has at least one pixel.
    private static long[] Average(ImageBuffer image, int cells)
    {
        long[] grid = new long[cells * cells];
        for (int cellY = 0; cellY < cells; cellY++)
        {
            (int top, int bottom) = Range(cellY, image.Height);
            for (int cellX = 0; cellX < cells; cellX++)
            {
                (int left, int right) = Range(cellX, image.Width);
                long sum = 0;
                for (int y = top; y < bottom; y++)
                {
                    foreach (uint pixel in image.Row(y)[left..right])
                        sum += 29 * (pixel & 255) + 150 * ((pixel >> 8) & 255) + 77 * ((pixel >> 16) & 255);
                }
                grid[cellY * cells + cellX] = sum / ((long)(bottom - top) * (right - left));
            }
        }
        return grid;

        (int From, int To) Range(int cell, int side)
        {
            int from = (int)((long)cell * side / cells), to = (int)((long)(cell + 1) * side / cells);
            return (from, Math.Max(to, from + 1));
        }
    }
}
