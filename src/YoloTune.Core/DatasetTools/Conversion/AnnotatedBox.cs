namespace YoloTune.DatasetTools.Conversion;

/// <summary>A box as annotated: edges in pixels from 0, the right and lower ones beyond the last pixel.</summary>
internal readonly record struct AnnotatedBox(string Class, double Left, double Top, double Right, double Bottom, int? Line, string Name)
{
    /// <summary>The outline as x, y pairs in pixels; null when the annotation has a box only.</summary>
    public double[]? Polygon { get; init; }

    /// <summary>x, y in pixels and visibility (0 not labelled, 1 hidden, 2 visible) of each keypoint; null when it has none.</summary>
    public double[]? Keypoints { get; init; }

    public bool IsFinite => double.IsFinite(Left) && double.IsFinite(Top) && double.IsFinite(Right) && double.IsFinite(Bottom);

    public override string ToString() => FormattableString.Invariant($"{Name}, box {Left:0.##}, {Top:0.##} to {Right:0.##}, {Bottom:0.##}");
}
