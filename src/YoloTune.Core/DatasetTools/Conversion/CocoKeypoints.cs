using System.Text.Json;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>Reads the keypoints of COCO: names in the category, and a flat list x1, y1, v1, x2 ... in the annotation.</summary>
internal static class CocoKeypoints
{
    private const int Values = 3;

    /// <summary>The names in a category; empty when it has none.</summary>
    public static IReadOnlyList<string> NamesOf(JsonElement category) =>
        JsonFile.Get(category, "keypoints") is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())]
            : [];

    /// <summary>x, y in pixels and visibility of each keypoint of an annotation; null when it has none or they are not numbers.</summary>
    public static double[]? Of(JsonElement annotation)
    {
        if (JsonFile.Get(annotation, "keypoints") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0) return null;
        double[] values = [.. list.EnumerateArray().Select(value => JsonFile.Number(value) ?? double.NaN)];
        return values.Length % Values == 0 && values.All(double.IsFinite) ? values : null;
    }
}
