using YoloTune.Networks.Architecture;


namespace YoloTune.Models.Transfer;

/// <summary>The items of one layer, summed up.</summary>
/// <param name="Layer">Index of the layer.</param>
/// <param name="Type">Type of the layer, such as C3k2.</param>
/// <param name="Part">Part of the model it belongs to.</param>
/// <param name="Transferred">Items that were copied, counted as <see cref="TransferReport"/> counts them: class rows do not make an item.</param>
/// <param name="Total">Items of the layer.</param>
/// <param name="Reasons">Why items stayed behind, or what of them was copied: each distinct reason once, the most frequent first, with its count.</param>
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
