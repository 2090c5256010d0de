using TorchSharp;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// The part of task-aligned assignment that does not depend on the shape of the boxes: from how well candidates agree to the anchors that
/// learn a box (Feng et al. 2021, "TOOD").
/// </summary>
internal static class AnchorChoice
{
    /// <summary>Chooses anchors among candidates. The result goes to the scope of the caller.</summary>
    /// <param name="options">The constants.</param>
    /// <param name="table">The pairs, one row a box.</param>
    /// <param name="scores">Class logits [N, classes, A].</param>
    /// <param name="classes">The class of each box [G].</param>
    /// <param name="pairs">The candidates.</param>
    /// <param name="anchors">A.</param>
    internal static Assignment Choose(
        AssignerOptions options, in PairTable table, torch.Tensor scores, torch.Tensor classes, in CandidatePairs pairs, long anchors)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor owner = pairs.Owner, overlap = pairs.Overlap;
        torch.Tensor probability = new FlatView(scores)
            .Pick(pairs.Image, classes.index_select(0, owner), pairs.Anchor).sigmoid();
        torch.Tensor metric = probability.pow(options.Alpha) * overlap.pow(options.Beta);

        torch.Tensor chosen = table.Best(metric, options.TopK);
        chosen = SettleConflicts(chosen, overlap, pairs.Cell, scores.size(0) * anchors);
        if (options.FinalTopK is int final && final != options.TopK) chosen = chosen & table.Best(metric * chosen, final);

        torch.Tensor bestMetric = table.Maximum(metric * chosen), bestOverlap = table.Maximum(overlap * chosen);
        torch.Tensor factor = bestOverlap / (bestMetric + options.Epsilon);
        torch.Tensor kept = chosen.nonzero().view(-1);
        owner = owner.index_select(0, kept);
        return new(
            pairs.Image.index_select(0, kept).MoveToOuterDisposeScope(),
            pairs.Anchor.index_select(0, kept).MoveToOuterDisposeScope(),
            owner.MoveToOuterDisposeScope(),
            (metric.index_select(0, kept) * factor.index_select(0, owner)).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// An anchor that several boxes chose goes to the box it overlaps most, among all boxes whose candidate it is, even one that did not
    /// choose it; among equals to the first.
    /// </summary>
    private static torch.Tensor SettleConflicts(torch.Tensor chosen, torch.Tensor overlap, torch.Tensor cell, long cells)
    {
        torch.Tensor claims = torch.zeros([cells], dtype: torch.float32, device: chosen.device)
            .index_add_(0, cell, chosen.to(torch.float32), 1);
        torch.Tensor contested = claims.index_select(0, cell) > 1;
        torch.Tensor pairs = contested.nonzero().view(-1);
        if (pairs.size(0) == 0) return chosen;

        // One stable sort by cell, then by falling overlap; the first pair of each cell wins. Double holds both exactly enough:
        // the cell number takes less than 25 bits, which leaves a resolution of 4e-9 for overlaps between 0 and 1.
        torch.Tensor contestedCell = cell.index_select(0, pairs);
        torch.Tensor key = contestedCell.to(torch.float64) * 2 - overlap.index_select(0, pairs).to(torch.float64);
        torch.Tensor order = torch.sort(key, 0, false, true).indices;
        torch.Tensor sortedCell = contestedCell.index_select(0, order);
        torch.Tensor first = torch.ones_like(sortedCell, dtype: torch.@bool);
        first.narrow(0, 1, first.size(0) - 1).copy_(sortedCell.diff(1, 0) != 0);
        torch.Tensor won = torch.zeros_like(chosen).scatter_(0, pairs.index_select(0, order), first);
        return torch.where(contested, won, chosen);
    }
}
