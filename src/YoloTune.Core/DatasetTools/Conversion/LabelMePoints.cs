using System.Text.Json;
using YoloTune.Data.Labels;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>
/// Gathers the points of LabelMe files as keypoints: each belongs to the shape with its group_id, or to the only shape of its image. The
/// labels of all points are the names of the keypoints, in alphabetical order.
/// </summary>
internal sealed class LabelMePoints
{
    private readonly List<(string Label, string? Group, double X, double Y)> current = [];
    private readonly List<string?> groups = [];
    private readonly List<(AnnotatedImage Image, int Box, string Label, double X, double Y)> all = [];
    private readonly List<SkippedItem> lost = [];

    /// <summary>Takes a shape if it is a point; of another the group is noted.</summary>
    /// <param name="file">The file.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="box">The number that the shape's box will have.</param>
    public bool Take(string file, JsonElement shape, int box)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        string? group = JsonFile.Get(shape, "group_id") is { } id && id.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? id.ToString() : null;
        bool isPoint = string.Equals(JsonFile.Text(shape, "shape_type"), "point", StringComparison.OrdinalIgnoreCase);
        if (!isPoint)
        {
            while (groups.Count <= box) groups.Add(null);
            groups[box] = group;
            return false;
        }
        string label = (JsonFile.Name(shape, "label") ?? "").Trim();
        if (label.Length == 0 || JsonFile.Get(shape, "points") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0
            || list[0].ValueKind != JsonValueKind.Array || list[0].GetArrayLength() != 2
            || JsonFile.Number(list[0][0]) is not { } x || JsonFile.Number(list[0][1]) is not { } y) return false;
        current.Add((label, group, x, y));
        return true;
    }

    /// <summary>Gives the points of a file to the boxes of its image.</summary>
    public void EndOf(string file, AnnotatedImage image)
    {
        foreach ((string label, string? group, double x, double y) in current)
        {
            int box = group is null ? (image.Boxes.Count == 1 ? 0 : -1) : groups.IndexOf(group);
            if (box >= 0 && box < image.Boxes.Count) all.Add((image, box, label, x, y));
            else lost.Add(new(
                SkipReason.ShapeWithoutArea, file, null,
                $"the point '{label}' belongs to no shape: give it and its shape one group_id."));
        }
        current.Clear();
        groups.Clear();
    }

    /// <summary>The set with the keypoints of its boxes.</summary>
    public AnnotationSet Complete(AnnotationSet set)
    {
        string[] names = [.. all.Select(point => point.Label).Distinct().Order(StringComparer.Ordinal)];
        foreach ((AnnotatedImage image, int box, string label, double x, double y) in all)
        {
            double[] points = image.Boxes[box].Keypoints ?? new double[KeypointShape.Values * names.Length];
            int at = KeypointShape.Values * Array.IndexOf(names, label);
            (points[at], points[at + 1], points[at + 2]) = (x, y, 2);
            image.Boxes[box] = image.Boxes[box] with { Keypoints = points };
        }
        set.Skipped.AddRange(lost);
        return names.Length == 0
            ? set
            : set with { KeypointNames = set.Classes.ToDictionary(name => name, _ => (IReadOnlyList<string>)names) };
    }
}
