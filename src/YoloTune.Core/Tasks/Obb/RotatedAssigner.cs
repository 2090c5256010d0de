using TorchSharp;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Obb;

/// <summary>
/// Task-aligned assignment for oriented boxes: candidates are the anchor points inside the turned rectangle, its border included, and they
/// agree as far as their probabilistic IoU says.
/// </summary>
internal sealed class RotatedAssigner(AssignerOptions options)
{
    /// <summary>How much farther than the box the first, upright look for anchor points goes, in pixels.</summary>
    private const double Margin = 1;

    /// <summary>Assigns anchors to boxes. No gradient flows through the result.</summary>
    /// <param name="scores">Class logits [N, classes, A].</param>
    /// <param name="distances">Distances from each anchor point to the sides of its predicted box, in cells: [N, 4, A].</param>
    /// <param name="angles">The predicted angles [N, 1, A].</param>
    /// <param name="grid">The anchor points.</param>
    /// <param name="truth">The labelled boxes, small ones enlarged.</param>
    public Assignment Assign(torch.Tensor scores, torch.Tensor distances, torch.Tensor angles, AnchorGrid grid, in RotatedTruth truth)
    {
        using IDisposable gradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor owner, torch.Tensor anchor) = Candidates(grid, truth.Boxes);
        if (owner.size(0) == 0) return TaskAlignedAssigner.Nothing(scores.device).MoveToOuterDisposeScope();

        torch.Tensor image = truth.Image.index_select(0, owner);
        torch.Tensor cell = image * grid.Count + anchor;
        torch.Tensor sides = distances.permute(1, 0, 2).reshape(4, -1).index_select(1, cell);
        torch.Tensor angle = angles.permute(1, 0, 2).reshape(-1).index_select(0, cell);
        RotatedPlanes predicted = RotatedPlanes
            .FromDistances(grid.X.index_select(0, anchor), grid.Y.index_select(0, anchor), sides, angle)
            .Scale(grid.Stride.index_select(0, anchor));
        torch.Tensor overlap = ProbabilisticIoU.Compute(truth.Boxes.Pick(owner), predicted).nan_to_num(0).clamp_min(0);
        torch.Tensor counts = torch.zeros([truth.Count], torch.int64, owner.device).index_add_(0, owner, torch.ones_like(owner), 1);
        return AnchorChoice
            .Choose(options, new PairTable(owner, counts), scores, truth.Classes, new(image, anchor, owner, cell, overlap), grid.Count)
            .MoveToOuterDisposeScope();
    }

    /// <summary>The pairs of a box and an anchor point inside it: owner [P] and anchor [P], box after box.</summary>
    internal static (torch.Tensor Owner, torch.Tensor Anchor) Candidates(AnchorGrid grid, in RotatedPlanes boxes)
    {
        torch.Tensor cosine = boxes.Angle.cos(), sine = boxes.Angle.sin();
        torch.Tensor ux = boxes.Width / 2 * cosine, uy = boxes.Width / 2 * sine;
        torch.Tensor vx = -boxes.Height / 2 * sine, vy = boxes.Height / 2 * cosine;
        torch.Tensor halfWidth = ux.abs() + vx.abs(), halfHeight = uy.abs() + vy.abs();
        BoxPlanes bounds = new(boxes.X - halfWidth, boxes.Y - halfHeight, boxes.X + halfWidth, boxes.Y + halfHeight);
        torch.Tensor near = grid.Inside(bounds, torch.ones_like(ux, dtype: torch.@bool), -Margin).nonzero();
        torch.Tensor owner = near.select(1, 0).contiguous(), anchor = near.select(1, 1).contiguous();

        // The order of the operations decides whether a point on the border is inside; it is that of the corners themselves.
        torch.Tensor ax = boxes.X + ux + vx, ay = boxes.Y + uy + vy;
        torch.Tensor bx = boxes.X + ux - vx - ax, by = boxes.Y + uy - vy - ay;
        torch.Tensor dx = boxes.X - ux + vx - ax, dy = boxes.Y - uy + vy - ay;
        torch.Tensor stride = grid.Stride.index_select(0, anchor);
        torch.Tensor px = grid.X.index_select(0, anchor) * stride - ax.index_select(0, owner);
        torch.Tensor py = grid.Y.index_select(0, anchor) * stride - ay.index_select(0, owner);
        torch.Tensor inside = (Within(bx, by) & Within(dx, dy)).nonzero().view(-1);
        return (owner.index_select(0, inside), anchor.index_select(0, inside));

        torch.Tensor Within(torch.Tensor sideX, torch.Tensor sideY)
        {
            torch.Tensor squared = (sideX * sideX + sideY * sideY).index_select(0, owner);
            torch.Tensor projection = px * sideX.index_select(0, owner) + py * sideY.index_select(0, owner);
            return (projection >= 0) & (projection <= squared);
        }
    }
}
