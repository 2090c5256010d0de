namespace YoloTune.Models.Transfer;

/// <summary>One state-dict item in two models.</summary>
/// <param name="Name">The state-dict name.</param>
/// <param name="Status">How they relate.</param>
/// <param name="RelativeDistance">
/// Of changed items, the Euclidean norm of the difference divided by that of the reference (1 where the reference is all zero); else null.
/// </param>
/// <param name="ReferenceShape">Shape in the reference, or null.</param>
/// <param name="DifferenceShape">Shape in the other model, or null.</param>
public sealed record ItemComparison(
    string Name, ComparisonStatus Status, double? RelativeDistance, IReadOnlyList<long>? ReferenceShape,
    IReadOnlyList<long>? DifferenceShape)
{
    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: {Status}");
}
