namespace YoloTune.Networks.Heads;

/// <summary>How many of something a head predicts for an object, such as 17 keypoints of 3 values.</summary>
/// <param name="Count">How many.</param>
/// <param name="Values">Values of each.</param>
/// <param name="Unit">What they are, in the plural.</param>
public sealed record HeadShape(int Count, int Values, string Unit)
{
    /// <summary>Points of an object.</summary>
    public static HeadShape Keypoints(int count, int values) => new(count, values, "keypoints");

    /// <summary>Says how this shape, a source's, differs from that of a target.</summary>
    public string Against(HeadShape target) => Values == target.Values
        ? FormattableString.Invariant($"{Count} {Unit} in the source, {target.Count} here")
        : FormattableString.Invariant($"{Count} {Unit} of {Values} values in the source, {target.Count} of {target.Values} here");

    /// <summary>Whether it is so many of so many values.</summary>
    public bool Fits(int count, int values) => Count == count && Values == values;

    /// <summary>Such as "17 keypoints of 3 values".</summary>
    public override string ToString() => FormattableString.Invariant($"{Count} {Unit} of {Values} values");
}
