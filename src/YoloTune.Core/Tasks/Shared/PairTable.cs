using TorchSharp;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// Values of the candidate pairs of a batch, laid out one row a box so that maxima and top-k run over rows. The rows are as wide as the
/// most candidates a box has, which is far less than the number of anchors.
/// </summary>
internal readonly struct PairTable
{
    private readonly torch.Tensor slot;
    private readonly long rows, width;

    /// <summary>Lays out the table; its tensors belong to the dispose scope of the caller.</summary>
    /// <param name="owner">[P], the box of each candidate pair, ascending.</param>
    /// <param name="counts">[G], the number of pairs of each box.</param>
    internal PairTable(torch.Tensor owner, torch.Tensor counts)
    {
        rows = counts.size(0);
        width = counts.max().ToInt64();
        torch.Tensor start = counts.cumsum(0) - counts;
        torch.Tensor position = torch.arange(owner.size(0), dtype: torch.int64, device: owner.device) - start.index_select(0, owner);
        slot = owner * width + position;
    }

    /// <summary>Marks the pairs with the <paramref name="count"/> largest values of each box, zero not among them: [P], bool.</summary>
    internal torch.Tensor Best(torch.Tensor values, int count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor best, torch.Tensor index) = Table(values).topk((int)Math.Min(count, width), 1, true, false);
        torch.Tensor marks = torch.zeros([rows, width], dtype: torch.@bool, device: values.device).scatter_(1, index, best > 0);
        return marks.view(-1).index_select(0, slot).MoveToOuterDisposeScope();
    }

    /// <summary>The largest value of each box, or 0: [G].</summary>
    internal torch.Tensor Maximum(torch.Tensor values)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Table(values).amax(1).MoveToOuterDisposeScope();
    }

    private torch.Tensor Table(torch.Tensor values) =>
        torch.zeros([rows * width], dtype: values.dtype, device: values.device).scatter_(0, slot, values).view(rows, width);
}
