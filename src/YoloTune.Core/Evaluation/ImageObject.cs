namespace YoloTune.Evaluation;

/// <summary>A label of an image or a prediction on it, in pixels of the original image.</summary>
/// <param name="ClassId">The class.</param>
/// <param name="ClassName">Its name.</param>
/// <param name="X1">Left edge.</param>
/// <param name="Y1">Upper edge.</param>
/// <param name="X2">Right edge.</param>
/// <param name="Y2">Lower edge.</param>
public sealed record ImageObject(int ClassId, string ClassName, double X1, double Y1, double X2, double Y2)
{
    /// <summary>How sure the model is, 0-1; null for a label.</summary>
    public double? Confidence { get; init; }

    /// <summary>Whether this is a label and no prediction.</summary>
    public bool IsLabel => Confidence is null;

    /// <summary>What became of it in the comparison.</summary>
    public ObjectVerdict Verdict { get; init; }

    /// <summary>The class of the label or prediction that it was compared with; null where there was none.</summary>
    public string? Counterpart { get; init; }

    /// <summary>The overlap with that, 0-1; null where there was none.</summary>
    public double? Overlap { get; init; }

    /// <summary>Whether the image as a whole has the class.</summary>
    internal bool IsWhole { get; init; }

    /// <summary>x and y of the points of its outline, one after the other; null for an upright box.</summary>
    internal IReadOnlyList<float>? Outline { get; init; }

    /// <summary>Whether the outline is that of a mask; otherwise it is an oriented box.</summary>
    internal bool IsMask { get; init; }

    /// <summary>x, y and whether it is shown (above 0) of each keypoint; null where there are none.</summary>
    internal IReadOnlyList<float>? Points { get; init; }

    /// <summary>Width times height of the box.</summary>
    internal double Area => Math.Max(0, X2 - X1) * Math.Max(0, Y2 - Y1);

    /// <summary>"circle 0.87 (False)".</summary>
    public override string ToString() => ClassName
        + (Confidence is { } confidence ? FormattableString.Invariant($" {confidence:0.00}") : "")
        + (Verdict == ObjectVerdict.None ? "" : $" ({Verdict})");
}
