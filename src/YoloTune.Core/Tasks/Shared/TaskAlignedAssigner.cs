using TorchSharp;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// Chooses the anchors that learn each labelled box, by how well class and box agree already (Feng et al. 2021, "TOOD"). All images are
/// worked on at once, and only pairs of a box and an anchor point inside it are looked at.
/// </summary>
/// <remarks>
/// An anchor whose metric is zero is never chosen: as a positive it would carry the weight zero, and which of many zeros the top-k takes
/// is arbitrary.
/// </remarks>
internal sealed class TaskAlignedAssigner(AssignerOptions options)
{
    /// <summary>The constants in use.</summary>
    public AssignerOptions Options { get; } = options;

    /// <summary>Assigns anchors to boxes. No gradient flows through the result.</summary>
    /// <param name="scores">Class logits [N, classes, A].</param>
    /// <param name="distances">Distances from each anchor point to the sides of its predicted box, in cells: [N, 4, A].</param>
    /// <param name="grid">The anchor points.</param>
    /// <param name="truth">The labelled boxes.</param>
    public Assignment Assign(torch.Tensor scores, torch.Tensor distances, AnchorGrid grid, in GroundTruth truth)
    {
        using var gradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Device device = scores.device;
        BoxPlanes boxes = BoxPlanes.FromPlanes(truth.Corners);
        torch.Tensor valid = truth.Corners.sum([0L]) > 0;
        torch.Tensor inside = grid.Inside(Enlarge(boxes, grid.Strides), valid, Options.Epsilon);
        torch.Tensor pairs = inside.nonzero();
        if (pairs.size(0) == 0) return Nothing(device).MoveToOuterDisposeScope();

        torch.Tensor owner = pairs.select(1, 0).contiguous(), anchor = pairs.select(1, 1).contiguous();
        torch.Tensor image = truth.Image.index_select(0, owner);
        torch.Tensor cell = image * grid.Count + anchor;

        torch.Tensor overlap = Overlap(distances, grid, boxes, owner, anchor, cell);
        return AnchorChoice.Choose(
            Options, new PairTable(owner, inside.sum(1)), scores, truth.Classes, new(image, anchor, owner, cell, overlap), grid.Count)
            .MoveToOuterDisposeScope();
    }

    /// <summary>No foreground at all, in the caller's dispose scope.</summary>
    internal static Assignment Nothing(torch.Device device)
    {
        torch.Tensor none = torch.empty([0], torch.int64, device);
        return new(none, none, none, torch.empty([0], torch.float32, device));
    }

    /// <summary>Boxes narrower than a cell of the finest level hold no anchor point; they get a two-cell window.</summary>
    private static BoxPlanes Enlarge(in BoxPlanes boxes, IReadOnlyList<int> strides)
    {
        int least = strides[0], window = strides[Math.Min(1, strides.Count - 1)];
        (torch.Tensor left, torch.Tensor right) = Widen(boxes.Left, boxes.Right);
        (torch.Tensor top, torch.Tensor bottom) = Widen(boxes.Top, boxes.Bottom);
        return new(left, top, right, bottom);

        (torch.Tensor Low, torch.Tensor High) Widen(torch.Tensor low, torch.Tensor high)
        {
            torch.Tensor size = high - low, centre = (low + high) / 2;
            torch.Tensor half = torch.where(size < least, torch.full_like(size, window), size) / 2;
            return (centre - half, centre + half);
        }
    }

    private static torch.Tensor Overlap(
        torch.Tensor distances, AnchorGrid grid, in BoxPlanes boxes, torch.Tensor owner, torch.Tensor anchor, torch.Tensor cell)
    {
        torch.Tensor sides = distances.permute(1, 0, 2).reshape(4, -1).index_select(1, cell);
        torch.Tensor stride = grid.Stride.index_select(0, anchor);
        BoxPlanes predicted = BoxPlanes
            .FromDistances(grid.X.index_select(0, anchor), grid.Y.index_select(0, anchor), sides)
            .Scale(stride);
        BoxPlanes labelled = new(
            boxes.Left.index_select(0, owner), boxes.Top.index_select(0, owner),
            boxes.Right.index_select(0, owner), boxes.Bottom.index_select(0, owner));
        return BoxOverlap.Compute(labelled, predicted, OverlapKind.Complete).clamp_min_(0);
    }
}
