using System.Numerics;
using System.Runtime.CompilerServices;

namespace YoloTune.Files.Torch;

/// <summary>
/// Equality of dictionary keys. Numbers are hashed with the process's random seed, for .NET's own hash of an integer lets a file choose
/// collisions. Only short tuples compare by value: the cost of a key must not depend on what the file shares and repeats.
/// </summary>
internal sealed class PickleKeyComparer : IEqualityComparer<object>
{
    private const int LongestComparedTuple = 8;

    public static PickleKeyComparer Instance { get; } = new();

    public new bool Equals(object? x, object? y)
    {
        if (ReferenceEquals(x, y)) return true;
        if (x is not PickleTuple a || y is not PickleTuple b) return x is not null && y is not null && IsValue(x) && x.Equals(y);
        if (a.Count != b.Count || a.Count > LongestComparedTuple) return false;
        for (int i = 0; i < a.Count; i++)
        {
            if (!ReferenceEquals(a[i], b[i]) && (a[i] is not { } item || !IsValue(item) || !item.Equals(b[i]))) return false;
        }
        return true;
    }

    public int GetHashCode(object key)
    {
        if (key is not PickleTuple tuple || tuple.Count > LongestComparedTuple) return HashOf(key);
        HashCode hash = default;
        foreach (object? item in tuple) hash.Add(item is null ? 0 : HashOf(item));
        return hash.ToHashCode();
    }

    private static int HashOf(object key) => key switch
    {
        long number => HashCode.Combine((int)number, (int)(number >> 32)),
        double number => HashOf(BitConverter.DoubleToInt64Bits(number)),
        BigInteger number => HashOf(number.ToByteArray().AsSpan()),
        _ => IsValue(key) ? key.GetHashCode() : RuntimeHelpers.GetHashCode(key),
    };

    private static int HashOf(Span<byte> bytes)
    {
        HashCode hash = default;
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    private static bool IsValue(object key) => key is not PickleContainer and not byte[];
}
