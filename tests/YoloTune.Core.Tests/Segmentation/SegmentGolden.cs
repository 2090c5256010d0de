using System.Text.Json;
using TorchSharp;

namespace YoloTune.Tests.Segmentation;

/// <summary>The reference numbers of segmentation.</summary>
internal static class SegmentGolden
{
    public const string Folder = "reference/tasks/segment/goldens/";

    public static JsonDocument Json(string name) => Shared.Json(Folder + name);

    public static IReadOnlyDictionary<string, torch.Tensor> Tensors(string name) => Shared.Tensors(Folder + name);

    /// <summary>The values of a tensor of any type as float64.</summary>
    public static double[] Values(torch.Tensor tensor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return [.. tensor.detach().cpu().to(torch.float64).contiguous().data<double>()];
    }

    /// <summary>x, y pairs of a list of points.</summary>
    public static float[] Points(JsonElement polygon) =>
        [.. polygon.EnumerateArray().SelectMany(point => point.EnumerateArray().Select(value => value.GetSingle()))];

    public static int Differences(IEnumerable<double> expected, IEnumerable<double> actual) =>
        expected.Zip(actual, (a, b) => a == b ? 0 : 1).Sum();
}
