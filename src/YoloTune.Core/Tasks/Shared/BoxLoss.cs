using TorchSharp;
using YoloTune.Networks.Heads;
using YoloTune.Training;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// The loss of the boxes and classes of one head branch: binary cross-entropy against soft labels, complete IoU of the boxes and, where the
/// head predicts distributions, distribution focal loss (Li et al. 2020); where it does not, the L1 distance of the box sides relative to
/// the image.
/// </summary>
/// <remarks>
/// Only what has to be dense is dense: the cross-entropy with the label 0 of every anchor. The soft labels enter as a correction of the
/// foreground, and boxes are decoded with gradient for the foreground alone.
/// </remarks>
internal sealed class BoxLoss : IDisposable
{
    private readonly BranchGeometry geometry;
    private readonly LossGains gains;
    private readonly TaskAlignedAssigner assigner;

    /// <summary>Sets up the loss of a branch.</summary>
    /// <param name="distributionBins">Bins a box side (reg_max); 1 where the head gives the distance itself.</param>
    /// <param name="strides">Pixels a cell of each level, finest first.</param>
    /// <param name="gains">The weights of the parts; null takes the defaults.</param>
    /// <param name="options">The assigner's constants; null takes those of the one-to-many branch.</param>
    public BoxLoss(int distributionBins, IReadOnlyList<int> strides, LossGains? gains = null, AssignerOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(distributionBins, 1);
        geometry = new(distributionBins, [.. strides]);
        this.gains = gains ?? new();
        assigner = new(options ?? AssignerOptions.OneToMany);
    }

    /// <summary>The parts of one branch, in the caller's dispose scope.</summary>
    /// <param name="output">The raw output, float32.</param>
    /// <param name="imageIndex">The image each box belongs to: [G], ascending.</param>
    /// <param name="classes">Class ids [G] or [G, 1].</param>
    /// <param name="boxes">[G, 4]: centre x, centre y, width, height divided by the image's width or height.</param>
    public BoxLossParts Compute(HeadOutput output, torch.Tensor imageIndex, torch.Tensor classes, torch.Tensor boxes)
    {
        AnchorGrid points = geometry.GridFor(output);
        GroundTruth truth = GroundTruth.Create(imageIndex, classes, boxes, points.ImageWidth, points.ImageHeight);
        Assignment found = truth.Count == 0
            ? TaskAlignedAssigner.Nothing(output.Scores.device)
            : assigner.Assign(output.Scores, geometry.Distances(output.Boxes.detach()), points, truth);

        torch.Tensor normalizer = found.Score.sum().clamp_min_(1);
        torch.Tensor @class = ClassCrossEntropy.Of(output.Scores, truth.Classes, found) / normalizer * gains.Class;
        torch.Tensor box = torch.zeros([], dtype: torch.float32, device: output.Scores.device), distribution = box;
        if (found.Count > 0)
        {
            (box, distribution) = BoxParts(output, found, truth, points);
            box = box / normalizer * gains.Box;
            distribution = distribution / normalizer * gains.Distribution;
        }
        return new(box, @class, distribution, found, truth, points);
    }

    /// <summary>Frees the anchor points.</summary>
    public void Dispose() => geometry.Dispose();

    private (torch.Tensor Box, torch.Tensor Distribution) BoxParts(
        HeadOutput output, in Assignment found, in GroundTruth truth, AnchorGrid points)
    {
        torch.Tensor raw = new FlatView(output.Boxes).PickAll(found.Image, found.Anchor);
        torch.Tensor x = points.X.index_select(0, found.Anchor), y = points.Y.index_select(0, found.Anchor);
        torch.Tensor stride = points.Stride.index_select(0, found.Anchor);
        BoxPlanes target = BoxPlanes.FromPlanes(truth.Corners.index_select(1, found.Truth) / stride);
        torch.Tensor targetDistances = torch.stack([x - target.Left, y - target.Top, target.Right - x, target.Bottom - y]);
        (torch.Tensor distances, torch.Tensor perAnchor) = geometry.Foreground(raw, targetDistances, stride, points);
        torch.Tensor overlap = BoxOverlap.Compute(BoxPlanes.FromDistances(x, y, distances), target, OverlapKind.Complete);
        return (((1 - overlap) * found.Score).sum(), (perAnchor * found.Score).sum());
    }
}
