using YoloTune.Networks.Architecture;

namespace YoloTune.Models.Transfer;

/// <summary>What a transfer did, item by item.</summary>
/// <param name="Transferred">Items copied whole, plus the first convolution when its overlapping block was copied.</param>
/// <param name="Total">All items of the model's state dict.</param>
/// <param name="Source">The file or model the values came from.</param>
/// <param name="Items">One entry a state-dict item, in state-dict order.</param>
public sealed record TransferReport(int Transferred, int Total, string Source, IReadOnlyList<TransferItem> Items)
{
    /// <summary>How many classes took over the learned row of a class of the same (or mapped) name.</summary>
    public int MatchedClasses { get; init; }

    /// <summary>Why nothing was transferred at all; null where something was.</summary>
    public string? Warning { get; init; }

    /// <summary>Hidden items of the class branch that were lost only because their width follows the class count.</summary>
    public int LostClassBranchItems => Items.Count(item => item.IsLostClassBranch);

    /// <summary>The report summed up by layer.</summary>
    public IReadOnlyList<TransferGroup> Layers { get; } =
        Items.GroupBy(item => item.Layer).OrderBy(group => group.Key).Select(group => TransferGroup.Create([.. group])).ToArray();

    /// <summary>Such as "Transferred 448/499 items from yolo11n.pt".</summary>
    public override string ToString() => $"Transferred {Transferred}/{Total} items from {Source}";
}

/// <summary>The items of one layer, summed up.</summary>
/// <param name="Layer">Index of the layer.</param>
/// <param name="Type">Type of the layer, such as C3k2.</param>
/// <param name="Part">Part of the model it belongs to.</param>
/// <param name="Transferred">Items that were copied, counted as <see cref="TransferReport"/> counts them: class rows do not make an
/// item.</param>
/// <param name="Total">Items of the layer.</param>
/// <param name="Reasons">Why items stayed behind, or what of them was copied: each distinct reason once, the most frequent first, with its
/// count.</param>
public sealed record TransferGroup(int Layer, string Type, LayerPart Part, int Transferred, int Total, IReadOnlyList<string> Reasons)
{
    internal static TransferGroup Create(IReadOnlyList<TransferItem> items)
    {
        bool Copied(TransferItem item) => item.Status == TransferStatus.Transfer || TransferPlan.IsFirstConvolutionBlock(item);
        TransferItem first = items[0];
        return new TransferGroup(
            first.Layer, first.LayerType, first.Part, items.Count(Copied), items.Count,
            items.Where(item => !Copied(item)).GroupBy(item => item.Reason).OrderByDescending(group => group.Count())
                .Select(group => $"{group.Count()}: {group.Key}").ToArray());
    }
}
