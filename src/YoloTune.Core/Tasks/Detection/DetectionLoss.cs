using TorchSharp;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Shared;
using YoloTune.Training;
using static TorchSharp.torch.nn;

namespace YoloTune.Tasks.Detection;

/// <summary>
/// The detection loss of one head branch: binary cross-entropy against soft labels, complete IoU of the boxes and, where the head predicts
/// distributions, distribution focal loss (Li et al. 2020); where it does not, the L1 distance of the box sides relative to the image.
/// </summary>
/// <remarks>
/// Only what has to be dense is dense: the cross-entropy with the label 0 of every anchor. The soft labels enter as a correction of the
/// foreground, and boxes are decoded with gradient for the foreground alone.
/// </remarks>
internal sealed class DetectionLoss : ICriterion
{
    /// <summary>The names of the parts: box overlap, classes, distribution (or distances).</summary>
    internal static readonly IReadOnlyList<string> PartNames = (string[])["box", "cls", "dfl"];

    private readonly int distributionBins;
    private readonly int[] strides;
    private readonly LossGains gains;
    private readonly TaskAlignedAssigner assigner;
    private AnchorGrid? grid;
    private torch.Tensor? bins;

    /// <summary>Sets up the loss of a branch.</summary>
    /// <param name="distributionBins">Bins a box side (reg_max); 1 where the head gives the distance itself.</param>
    /// <param name="strides">Pixels a cell of each level, finest first.</param>
    /// <param name="gains">The weights of the parts; null takes the defaults.</param>
    /// <param name="options">The assigner's constants; null takes those of the one-to-many branch.</param>
    public DetectionLoss(int distributionBins, IReadOnlyList<int> strides, LossGains? gains = null, AssignerOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(distributionBins, 1);
        this.distributionBins = distributionBins;
        this.strides = [.. strides];
        this.gains = gains ?? new();
        assigner = new(options ?? AssignerOptions.OneToMany);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => PartNames;

    /// <inheritdoc/>
    public LossValues Compute(NetworkOutput output, ImageBatch batch) => Compute(
        output.OneToMany ?? throw new ArgumentException("The output has no one-to-many branch.", nameof(output)),
        batch.Targets.ImageIndex, batch.Targets.Classes, batch.Targets.Boxes);

    /// <summary>The loss of one branch.</summary>
    /// <param name="output">The raw output, float32.</param>
    /// <param name="imageIndex">The image each box belongs to: [G], ascending.</param>
    /// <param name="classes">Class ids [G] or [G, 1].</param>
    /// <param name="boxes">[G, 4]: centre x, centre y, width, height divided by the image's width or height.</param>
    public LossValues Compute(HeadOutput output, torch.Tensor imageIndex, torch.Tensor classes, torch.Tensor boxes)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        AnchorGrid points = GridFor(output);
        long images = output.Scores.size(0);
        GroundTruth truth = GroundTruth.Create(imageIndex, classes, boxes, points.ImageWidth, points.ImageHeight);
        Assignment found = truth.Count == 0
            ? TaskAlignedAssigner.Nothing(output.Scores.device)
            : assigner.Assign(output.Scores, Distances(output.Boxes.detach()), points, truth);

        torch.Tensor normalizer = found.Score.sum().clamp_min_(1);
        torch.Tensor scores = FlatView.AnchorsFirst(output.Scores) ? output.Scores : output.Scores.contiguous();
        torch.Tensor labels = new FlatView(scores).Position(found.Image, truth.Classes.index_select(0, found.Truth), found.Anchor);
        torch.Tensor @class = ClassCrossEntropy.apply(scores, labels, found.Score) / normalizer * gains.Class;
        torch.Tensor box = torch.zeros([], dtype: torch.float32, device: scores.device), distribution = box;
        if (found.Count > 0)
        {
            (box, distribution) = BoxParts(output, found, truth, points);
            box = box / normalizer * gains.Box;
            distribution = distribution / normalizer * gains.Distribution;
        }
        torch.Tensor total = (box + @class + distribution) * images;
        torch.Tensor items = torch.stack([box.detach(), @class.detach(), distribution.detach()]);
        return new(total.MoveToOuterDisposeScope(), items.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void SetFinishedEpochs(int finished)
    {
        // The parts of a single branch keep their weights all through a run.
    }

    /// <summary>Frees the anchor points.</summary>
    public void Dispose()
    {
        grid?.Dispose();
        bins?.Dispose();
    }

    private (torch.Tensor Box, torch.Tensor Distribution) BoxParts(
        HeadOutput output, in Assignment found, in GroundTruth truth, AnchorGrid points)
    {
        torch.Tensor raw = new FlatView(output.Boxes).PickAll(found.Image, found.Anchor);
        torch.Tensor x = points.X.index_select(0, found.Anchor), y = points.Y.index_select(0, found.Anchor);
        torch.Tensor stride = points.Stride.index_select(0, found.Anchor);
        BoxPlanes target = BoxPlanes.FromPlanes(truth.Corners.index_select(1, found.Truth) / stride);
        torch.Tensor targetDistances = torch.stack([x - target.Left, y - target.Top, target.Right - x, target.Bottom - y]);

        torch.Tensor distances, perAnchor;
        if (distributionBins > 1)
        {
            torch.Tensor logProbabilities = functional.log_softmax(raw.view(4, distributionBins, -1), 1);
            distances = (logProbabilities.exp() * Bins(raw.device).view(1, -1, 1)).sum(1);
            perAnchor = DistributionFocalLoss.Compute(logProbabilities, targetDistances);
        }
        else
        {
            distances = raw;
            torch.Tensor scale = stride / torch.tensor([points.ImageWidth, (float)points.ImageHeight], device: raw.device).view(2, 1);
            perAnchor = ((distances - targetDistances).abs() * scale.repeat(2, 1)).mean([0L]);
        }
        torch.Tensor overlap = BoxOverlap.Compute(BoxPlanes.FromDistances(x, y, distances), target, OverlapKind.Complete);
        return (((1 - overlap) * found.Score).sum(), (perAnchor * found.Score).sum());
    }

    /// <summary>The expected distance of each side: [N, 4R, A] to [N, 4, A].</summary>
    private torch.Tensor Distances(torch.Tensor boxes)
    {
        if (distributionBins == 1) return boxes;
        using DisposeScope scope = torch.NewDisposeScope();
        bool anchorsFirst = FlatView.AnchorsFirst(boxes);
        List<torch.Tensor> expected = [];
        foreach ((long start, long length) in ImageChunks.Of(boxes))
        {
            using DisposeScope chunk = torch.NewDisposeScope();
            torch.Tensor logits = boxes.narrow(0, start, length);
            torch.Tensor sides = anchorsFirst
                ? torch.matmul(functional.softmax(logits.transpose(1, 2).unflatten(2, 4, distributionBins), 3), Bins(boxes.device))
                    .transpose(1, 2)
                : torch.matmul(Bins(boxes.device), functional.softmax(logits.unflatten(1, 4, distributionBins), 2));
            expected.Add(sides.MoveToOuterDisposeScope());
        }
        return torch.cat(expected).MoveToOuterDisposeScope();
    }

    private torch.Tensor Bins(torch.Device device)
    {
        if (bins is null || bins.device.type != device.type || bins.device.index != device.index)
        {
            bins?.Dispose();
            bins = torch.arange(distributionBins, dtype: torch.float32, device: device).DetachFromDisposeScope();
        }
        return bins;
    }

    private AnchorGrid GridFor(HeadOutput output)
    {
        torch.Device device = output.Scores.device;
        if (grid is null || !grid.Fits(output.Grids, device))
        {
            grid?.Dispose();
            grid = new(output.Grids, strides, device);
        }
        return grid;
    }
}
