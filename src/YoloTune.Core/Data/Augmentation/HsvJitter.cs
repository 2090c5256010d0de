using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using YoloTune.Images;

namespace YoloTune.Data.Augmentation;

/// <summary>
/// Random hue, saturation and brightness: the image goes through 8-bit HSV (hue 0-179) and one table a channel. The way there is the
/// reference's fixed-point arithmetic, the way back its float32 arithmetic with truncation.
/// </summary>
internal sealed class HsvJitter
{
    private readonly uint[] hue = new uint[256];
    private readonly uint[] saturation = new uint[256];
    private readonly uint[] value = new uint[256];

    /// <summary>Builds the tables of a draw.</summary>
    public HsvJitter(HsvDraw draw, AugmentationOptions options)
    {
        double shift = draw.Hue * options.HsvH * 180, gainS = draw.Saturation * options.HsvS + 1, gainV = draw.Value * options.HsvV + 1;
        for (int x = 0; x < 256; x++)
        {
            double turned = (x + shift) % 180;
            hue[x] = (uint)(turned < 0 ? turned + 180 : turned);
            // Grey stays grey.
            saturation[x] = x == 0 ? 0 : (uint)Math.Clamp(x * gainS, 0, 255) << 8;
            value[x] = (uint)Math.Clamp(x * gainV, 0, 255) << 16;
        }
    }

    /// <summary>The table of hues, 0-179.</summary>
    public byte[] HueTable => [.. hue.Select(entry => (byte)entry)];

    /// <summary>The table of saturations.</summary>
    public byte[] SaturationTable => [.. saturation.Select(entry => (byte)(entry >> 8))];

    /// <summary>The table of brightness.</summary>
    public byte[] ValueTable => [.. value.Select(entry => (byte)(entry >> 16))];

    /// <summary>Whether the options leave colours alone; only then is the jitter skipped, for even a draw of zeros rounds.</summary>
    public static bool IsOff(AugmentationOptions options) => options is { HsvH: 0, HsvS: 0, HsvV: 0 };

    /// <summary>Changes an image in place.</summary>
    public void Apply(ImageBuffer image)
    {
        for (int y = 0; y < image.Height; y++) Apply(image.Row(y));
    }

    /// <summary>Changes a row in place.</summary>
    internal void Apply(Span<uint> row)
    {
        ToHsv(row);
        for (int x = 0; x < row.Length; x++)
        {
            uint pixel = row[x];
            row[x] = hue[pixel & 255] | saturation[(pixel >> 8) & 255] | value[(pixel >> 16) & 255];
        }
        ToBgr(row);
    }

    /// <summary>Turns B, G, R into H (0-179), S, V in place.</summary>
    internal static void ToHsv(Span<uint> row)
    {
        const int Step = 8;
        Vector256<int> level = Vector256.Create(255), zero = Vector256<int>.Zero;
        // Numerators of the reciprocal tables of the fixed-point conversion (12 bits). A float quotient rounded to nearest is never
        // wrong here: no quotient lies closer to a half than 1/510, while float32 errs by less than 1/16 of that.
        Vector256<float> saturationScale = Vector256.Create(255f * 4096), hueScale = Vector256.Create(180f * 4096 / 6);
        Vector256<int> half = Vector256.Create(2048);
        Span<uint> padded = stackalloc uint[Step];
        for (int x = 0; x < row.Length; x += Step)
        {
            Vector256<int> pixel = Load(row, x, padded).AsInt32();
            Vector256<int> b = pixel & level, g = Vector256.ShiftRightLogical(pixel, 8) & level;
            Vector256<int> r = Vector256.ShiftRightLogical(pixel, 16) & level;
            Vector256<int> v = Vector256.Max(b, Vector256.Max(g, r)), d = v - Vector256.Min(b, Vector256.Min(g, r));
            Vector256<int> isRed = Vector256.Equals(v, r), isGreen = Vector256.Equals(v, g);
            Vector256<int> numerator = Vector256.ConditionalSelect(
                isRed, g - b, Vector256.ConditionalSelect(isGreen, b - r + d + d, r - g + Vector256.ShiftLeft(d, 2)));
            // A divisor of 0 comes with a numerator of 0.
            Vector256<float> divisorV = Vector256.ConvertToSingle(Vector256.Max(v, Vector256<int>.One));
            Vector256<float> divisorD = Vector256.ConvertToSingle(Vector256.Max(d, Vector256<int>.One));
            Vector256<int> s = Vector256.ShiftRightArithmetic(d * Nearest(saturationScale / divisorV) + half, 12);
            Vector256<int> h = Vector256.ShiftRightArithmetic(numerator * Nearest(hueScale / divisorD) + half, 12);
            h += Vector256.LessThan(h, zero) & Vector256.Create(180);
            Store(row, x, (h | Vector256.ShiftLeft(s, 8) | Vector256.ShiftLeft(v, 16)).AsUInt32());
        }
    }

    /// <summary>Turns H (0-179), S, V into B, G, R in place.</summary>
    internal static void ToBgr(Span<uint> row)
    {
        const int Step = 8;
        Vector256<int> level = Vector256.Create(255);
        Vector256<float> one = Vector256<float>.One, perSector = Vector256.Create(6f / 180), perLevel = Vector256.Create(1f / 255);
        Vector256<float> levels = Vector256.Create(255f);
        Span<uint> padded = stackalloc uint[Step];
        for (int x = 0; x < row.Length; x += Step)
        {
            Vector256<int> pixel = Load(row, x, padded).AsInt32();
            Vector256<float> h = Vector256.ConvertToSingle(pixel & level) * perSector;
            Vector256<float> s = Vector256.ConvertToSingle(Vector256.ShiftRightLogical(pixel, 8) & level) * perLevel;
            Vector256<float> v = Vector256.ConvertToSingle(Vector256.ShiftRightLogical(pixel, 16) & level) * perLevel;
            Vector256<float> whole = Vector256.Floor(h);
            Vector256<int> sector = Vector256.ConvertToInt32(whole);
            h -= whole;
            Vector256<float> p = v * (one - s), q = v * (one - s * h), t = v * (one - s * (one - h));
            Vector256<float> is0 = Is(sector, 0), is1 = Is(sector, 1), is2 = Is(sector, 2), is3 = Is(sector, 3), is4 = Is(sector, 4);
            Vector256<float> is5 = Is(sector, 5);
            Vector256<float> b = Vector256.ConditionalSelect(is0 | is1, p, Vector256.ConditionalSelect(
                is3 | is4, v, Vector256.ConditionalSelect(is2, t, q)));
            Vector256<float> g = Vector256.ConditionalSelect(is1 | is2, v, Vector256.ConditionalSelect(
                is4 | is5, p, Vector256.ConditionalSelect(is0, t, q)));
            Vector256<float> r = Vector256.ConditionalSelect(is0 | is5, v, Vector256.ConditionalSelect(
                is2 | is3, p, Vector256.ConditionalSelect(is1, q, t)));
            Vector256<int> result = Vector256.ConvertToInt32(b * levels)
                | Vector256.ShiftLeft(Vector256.ConvertToInt32(g * levels), 8)
                | Vector256.ShiftLeft(Vector256.ConvertToInt32(r * levels), 16);
            Store(row, x, result.AsUInt32());
        }
    }

    private static Vector256<float> Is(Vector256<int> sector, int number) => Vector256.Equals(sector, Vector256.Create(number)).AsSingle();

    private static Vector256<int> Nearest(Vector256<float> positive) => Avx.IsSupported
        ? Avx.ConvertToVector256Int32(positive)
        : Vector256.ConvertToInt32(positive + Vector256.Create(0.5f));

    private static Vector256<uint> Load(Span<uint> row, int x, Span<uint> padded)
    {
        if (x + padded.Length <= row.Length) return Vector256.Create<uint>(row.Slice(x, padded.Length));
        padded.Clear();
        row[x..].CopyTo(padded);
        return Vector256.Create<uint>(padded);
    }

    private static void Store(Span<uint> row, int x, Vector256<uint> pixels)
    {
        if (x + Vector256<uint>.Count <= row.Length)
        {
            pixels.CopyTo(row[x..]);
            return;
        }
        for (int i = x; i < row.Length; i++) row[i] = pixels[i - x];
    }
}
