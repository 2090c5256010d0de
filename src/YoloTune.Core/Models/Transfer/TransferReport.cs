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
