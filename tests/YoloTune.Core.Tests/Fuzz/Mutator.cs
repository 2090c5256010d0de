using System.Buffers.Binary;

namespace YoloTune.Tests.Fuzz;

/// <summary>Makes bad files of good ones. The same numbers give the same file.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, IReadOnlyList<byte[]> tokens)
{
    private const int MostChanges = 12;
    private const int LongestPart = 64;
    private const int LongestFile = 1 << 18;

    private static readonly long[] Extremes =
    [
        0, 1, -1, 2, 7, 8, 63, 64, 127, 128, 255, 256, 4095, 4096, 32767, 65535, 65536, 1 << 20, 100_000_000, int.MaxValue, int.MinValue,
        uint.MaxValue, 1L << 32, 1L << 62, long.MaxValue, long.MinValue,
    ];

    /// <summary>File number <paramref name="index"/> of a run with this seed.</summary>
    public byte[] Make(int seed, int index)
    {
        // Two numbers make one; every file has a stream of its own, so that one can be made again without the others.
        Random random = new(unchecked((seed * 1_000_003) ^ (index * 7919)));
        List<byte> file = [.. seeds[random.Next(seeds.Count)]];
        for (int change = random.Next(1, MostChanges); change > 0; change--) Change(file, random);
        return file.Count > LongestFile ? [.. file.Take(LongestFile)] : [.. file];
    }

    private void Change(List<byte> file, Random random)
    {
        int place = random.Next(file.Count + 1);
        int length = Math.Min(random.Next(1, LongestPart), file.Count - place);
        switch (random.Next(10))
        {
            case 0 when length > 0: file[place] = (byte)random.Next(256); break;
            case 1 when length > 0: file[place] ^= (byte)(1 << random.Next(8)); break;
            case 2: file.RemoveRange(place, length); break;
            case 3: file.InsertRange(place, file.GetRange(place, length)); break;
            case 4: file.RemoveRange(place, random.Next(8) == 0 ? file.Count - place : 0); break;
            case 5: Overwrite(file, place, Extreme(random)); break;
            case 6: file.InsertRange(place, Token(random)); break;
            case 7: Overwrite(file, place, Token(random)); break;
            case 8: Splice(file, place, random); break;
            default: Repeat(file, place, length, random); break;
        }
    }

    private byte[] Token(Random random) => tokens.Count == 0 ? Extreme(random) : tokens[random.Next(tokens.Count)];

    /// <summary>A number at which readers go wrong, of 1, 2, 4 or 8 bytes and of either byte order.</summary>
    private static byte[] Extreme(Random random)
    {
        byte[] bytes = new byte[8];
        long value = Extremes[random.Next(Extremes.Length)];
        int size = 1 << random.Next(4);
        if (random.Next(2) == 0) BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        else BinaryPrimitives.WriteInt64BigEndian(bytes, value << (64 - 8 * size));
        return bytes[..size];
    }

    private static void Overwrite(List<byte> file, int place, byte[] with)
    {
        for (int i = 0; i < with.Length && place + i < file.Count; i++) file[place + i] = with[i];
    }

    /// <summary>A part of another seed, put in or to the end.</summary>
    private void Splice(List<byte> file, int place, Random random)
    {
        byte[] other = seeds[random.Next(seeds.Count)];
        int start = random.Next(other.Length + 1);
        int end = random.Next(4) == 0 ? other.Length : Math.Min(other.Length, start + random.Next(LongestPart));
        file.InsertRange(place, other[start..end]);
    }

    /// <summary>One part many times over: what nests, nests deep.</summary>
    private static void Repeat(List<byte> file, int place, int length, Random random)
    {
        if (length == 0 || random.Next(4) != 0) return;
        List<byte> part = file.GetRange(place, Math.Min(length, random.Next(1, 8)));
        int times = random.Next(8) == 0 ? 20_000 : random.Next(200);
        file.InsertRange(place, Enumerable.Repeat(part, times).SelectMany(bytes => bytes).Take(LongestFile));
    }
}
