using System.Text;

namespace YoloTune.Basics;

/// <summary>
/// A stream of random numbers found by name: the run's seed, what the stream is for, and a place such as epoch and image. Two streams
/// of one name give the same numbers in any thread, process or version of .NET, so that a resumed run equals an uninterrupted one.
/// </summary>
/// <remarks>The generator is SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).</remarks>
public sealed class RandomStream
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong state;
    private double? spareNormal;

    /// <summary>Opens the stream of a seed, a purpose and a place.</summary>
    public RandomStream(long seed, string purpose, long first = 0, long second = 0)
    {
        // FNV-1a of the purpose keeps streams of different purposes apart; each number is mixed before the next one enters.
        ulong hash = 14695981039346656037;
        foreach (byte letter in Encoding.UTF8.GetBytes(purpose)) hash = (hash ^ letter) * 1099511628211;
        state = Mix(Mix(Mix(Mix((ulong)seed) ^ hash) ^ (ulong)first) ^ (ulong)second);
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits() => Mix(state += Golden);

    /// <summary>A number of [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number of [low, high).</summary>
    public double Uniform(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>An integer of [0, bound).</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)(((UInt128)NextBits() * (ulong)bound) >> 64);
    }

    /// <summary>An integer of [low, bound).</summary>
    public int Next(int low, int bound) => low + Next(bound - low);

    /// <summary>A number of the standard normal distribution (polar method of Marsaglia).</summary>
    public double Normal()
    {
        if (spareNormal is { } spare)
        {
            spareNormal = null;
            return spare;
        }
        while (true)
        {
            double x = Uniform(-1, 1), y = Uniform(-1, 1), square = x * x + y * y;
            if (square is <= 0 or >= 1) continue;
            double factor = Math.Sqrt(-2 * Math.Log(square) / square);
            spareNormal = y * factor;
            return x * factor;
        }
    }

    /// <summary>A number of the beta distribution, both parameters at least 1.</summary>
    public double Beta(double a, double b)
    {
        double x = Gamma(a), y = Gamma(b);
        return x / (x + y);
    }

    /// <summary>The numbers 0 to count - 1 in random order.</summary>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int other = Next(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    // Marsaglia and Tsang, "A simple method for generating gamma variables", 2000; for shapes of at least 1.
    private double Gamma(double shape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shape, 1);
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = Normal(), v = 1 + c * normal;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - NextDouble()) < 0.5 * normal * normal + d - d * v + d * Math.Log(v)) return d * v;
        }
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
