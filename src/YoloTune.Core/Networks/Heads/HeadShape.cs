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
    public string Against(HeadShape target) => Compare(target, "in the source", "here");

    /// <summary>Says how this shape, one that was, differs from what is now.</summary>
    public string Before(HeadShape now) => Compare(now, "before", "now");

    /// <summary>Whether it is so many of so many values.</summary>
    public bool Fits(int count, int values) => Count == count && Values == values;

    /// <summary>Such as "17 keypoints of 3 values".</summary>
    public override string ToString() => FormattableString.Invariant($"{Count} {Unit} of {Values} values");

    private string Compare(HeadShape other, string own, string others) => Values == other.Values
        ? FormattableString.Invariant($"{Count} {Unit} {own}, {other.Count} {others}")
        : FormattableString.Invariant($"{Count} {Unit} of {Values} values {own}, {other.Count} of {other.Values} {others}");
}
