using System.Collections.Concurrent;
using System.Numerics;

namespace YoloTune.Images;

/// <summary>
/// Arrays for images that come and go. The shared pool of .NET gives powers of two, so that hundreds of images of 640 x 480 pixels
/// would take 2 MB each for 1.2; here an array is at most a sixteenth too long.
/// </summary>
internal static class ImageStorage
{
    private const int SmallestStep = 4096, Steps = 16;
    private const long MostBytes = 32L << 20;
    private static readonly ConcurrentDictionary<int, ConcurrentBag<byte[]>> Free = new();
    private static long bytes;

    /// <summary>An array of at least this length; what it holds is undefined.</summary>
    public static byte[] Rent(int length)
    {
        int step = (int)Math.Max(SmallestStep, BitOperations.RoundUpToPowerOf2((uint)length) / (2 * Steps));
        int size = checked((length + step - 1) / step * step);
        if (!Free.TryGetValue(size, out ConcurrentBag<byte[]>? bag) || !bag.TryTake(out byte[]? array))
            return GC.AllocateUninitializedArray<byte>(size);
        Interlocked.Add(ref bytes, -size);
        return array;
    }

    /// <summary>Takes an array back; what is not soon needed again is left to the garbage collector.</summary>
    public static void Return(byte[] array)
    {
        if (Interlocked.Add(ref bytes, array.Length) <= MostBytes) Free.GetOrAdd(array.Length, _ => []).Add(array);
        else Interlocked.Add(ref bytes, -array.Length);
    }
}
