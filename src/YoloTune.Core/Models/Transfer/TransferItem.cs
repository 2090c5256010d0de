using YoloTune.Networks.Architecture;


namespace YoloTune.Models.Transfer;

/// <summary>The decision about one state-dict item of the target model.</summary>
/// <param name="Name">The item's state-dict name, such as <c>model.23.cv3.0.2.bias</c>.</param>
/// <param name="Status">What happens to it.</param>
/// <param name="SourceShape">Shape in the source, or null when the source lacks it.</param>
/// <param name="TargetShape">Shape here.</param>
/// <param name="Layer">Index of its layer.</param>
/// <param name="LayerType">Type of its layer, such as C3k2.</param>
/// <param name="Part">Part of the model its layer belongs to.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record TransferItem(
    string Name,
    TransferStatus Status,
    IReadOnlyList<long>? SourceShape,
    IReadOnlyList<long> TargetShape,
    int Layer,
    string LayerType,
    LayerPart Part,
    string Reason)
{
    /// <summary>
    /// True when the item is the hidden part of the class branch and is lost only because its width follows the class count.
    /// </summary>
    public bool IsLostClassBranch { get; init; }

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: {Status}");
}
