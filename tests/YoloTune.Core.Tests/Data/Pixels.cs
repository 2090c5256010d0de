using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Images;

namespace YoloTune.Tests.Data;

/// <summary>Comparing images with golden tensors.</summary>
internal static class Pixels
{
    public const string Goldens = "reference/training/goldens/";

    public static byte[] Bytes(torch.Tensor tensor) => tensor.bytes.ToArray();

    public static ImageBuffer Image(torch.Tensor tensor) => ImageBuffer.FromBgr(Bytes(tensor), (int)tensor.shape[0], (int)tensor.shape[1]);

    /// <summary>Largest and mean difference, and the fraction of values that differ by more than 3.</summary>
    public static (int Largest, double Mean, double Beyond3) Difference(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Assert.Equal(first.Length, second.Length);
        int largest = 0, beyond = 0;
        long sum = 0;
        for (int i = 0; i < first.Length; i++)
        {
            int difference = Math.Abs(first[i] - second[i]);
            largest = Math.Max(largest, difference);
            sum += difference;
            if (difference > 3) beyond++;
        }
        return (largest, sum / (double)first.Length, beyond / (double)first.Length);
    }

    public static int[] Ints(this JsonElement element) => [.. element.EnumerateArray().Select(item => item.GetInt32())];

    public static double[] Doubles(this JsonElement element) => [.. element.EnumerateArray().Select(item => item.GetDouble())];

    public static float[] Floats(this JsonElement element) => [.. element.EnumerateArray().Select(item => item.GetSingle())];

    public static void Near(IReadOnlyList<float> expected, IReadOnlyList<float> actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"[{i}]: {expected[i]} and {actual[i]}");
    }
}
