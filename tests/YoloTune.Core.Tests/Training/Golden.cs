using System.Text.Json;
using TorchSharp;
using Xunit;

namespace YoloTune.Tests.Training;

/// <summary>Reading of golden numbers and comparisons whose failures say by how much.</summary>
internal static class Golden
{
    public const string Folder = "reference/training/goldens/";

    public static float[] Floats(this JsonElement array) => [.. Flatten(array)];

    public static torch.Tensor Tensor(this JsonElement array, params long[] shape) => torch.tensor(array.Floats()).reshape(shape);

    public static double[] Doubles(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetDouble())];

    public static double MaxDifference(torch.Tensor expected, torch.Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        if (expected.numel() == 0) return 0;
        return (expected.to(torch.float64) - actual.detach().cpu().to(torch.float64)).abs().max().ToDouble();
    }

    public static void Close(torch.Tensor expected, torch.Tensor actual, double tolerance, string what = "tensor")
    {
        double difference = MaxDifference(expected, actual);
        Assert.True(difference <= tolerance, $"{what} differs by {difference:g4}, allowed are {tolerance:g4}.");
    }

    public static void Near(double expected, double actual, double relative, string what = "value")
    {
        double difference = Math.Abs(actual - expected) / Math.Max(Math.Abs(expected), 1e-30);
        Assert.True(expected == actual || difference <= relative, $"{what} is {actual:g9}, not {expected:g9} (relative {difference:g3}).");
    }

    private static IEnumerable<float> Flatten(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array) return [element.ValueKind == JsonValueKind.String ? float.NaN : element.GetSingle()];
        return element.EnumerateArray().SelectMany(Flatten);
    }
}
