namespace YoloTune.Data.Labels;

/// <summary>What a label file is checked against.</summary>
public sealed record LabelRules
{
    /// <summary>How far beyond 0 or 1 a coordinate may lie; the reference's tolerance for rounding in annotation tools.</summary>
    public const float Tolerance = 0.01f;

    /// <summary>Number of classes; ids from 0 to one less are good.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Whether any class id is good, because all of them become one class.</summary>
    public bool SingleClass { get; init; }

    /// <summary>What the rows hold.</summary>
    public LabelRowKind Rows { get; init; }

    /// <summary>
    /// The keypoints of the dataset; null when its description has none. <see cref="LabelRowKind.Keypoints"/> needs them.
    /// </summary>
    public KeypointShape? Keypoints { get; init; }

    /// <summary>What a bad row costs.</summary>
    public LabelStrictness Strictness { get; init; } = LabelStrictness.DropRow;

    /// <summary>Whether every object gets an outline.</summary>
    internal bool WantsOutlines => Rows is LabelRowKind.Polygons or LabelRowKind.Corners;
}
