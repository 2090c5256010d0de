using TorchSharp;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Shared;
using YoloTune.Training;

namespace YoloTune.Tasks.Obb;

/// <summary>
/// The loss of one branch of a head for oriented boxes: classes as for detection, probabilistic IoU of the boxes, the distances to their
/// sides in their own frame, and the angle, which counts the less the longer and thinner a box is.
/// </summary>
internal sealed class ObbLoss : IBranchLoss
{
    /// <summary>The names of the parts.</summary>
    internal static readonly IReadOnlyList<string> PartNames = (string[])["box", "cls", "dfl", "angle"];

    /// <summary>The name of the oriented boxes among the parts of a batch's targets: [G, 5].</summary>
    internal const string BoxesPart = "rotated";

    private const double SideEpsilon = 1e-9, SlenderBoxes = 9;

    private readonly BranchGeometry geometry;
    private readonly LossGains gains;
    private readonly RotatedAssigner assigner;

    /// <summary>Sets up the loss of a branch.</summary>
    /// <param name="distributionBins">Bins a box side (reg_max); 1 where the head gives the distance itself.</param>
    /// <param name="strides">Pixels a cell of each level, finest first.</param>
    /// <param name="gains">The weights of the parts; null takes the defaults.</param>
    /// <param name="options">The assigner's constants; null takes those of the one-to-many branch.</param>
    public ObbLoss(int distributionBins, IReadOnlyList<int> strides, LossGains? gains = null, AssignerOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(distributionBins, 1);
        geometry = new(distributionBins, [.. strides]);
        this.gains = gains ?? new();
        assigner = new(options ?? AssignerOptions.OneToMany);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => PartNames;

    /// <inheritdoc/>
    public LossValues Compute(HeadOutput output, Targets targets) =>
        Compute(output, targets.ImageIndex, targets.Classes, targets.Part(BoxesPart));

    /// <summary>The loss of one branch.</summary>
    /// <param name="output">The raw output, float32.</param>
    /// <param name="imageIndex">The image each box belongs to: [G], ascending.</param>
    /// <param name="classes">Class ids [G] or [G, 1].</param>
    /// <param name="boxes">[G, 5]: x and width divided by the image's width, y and height by its height; the angle in radians.</param>
    public LossValues Compute(HeadOutput output, torch.Tensor imageIndex, torch.Tensor classes, torch.Tensor boxes)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor angles = output.Angles ?? throw new ArgumentException("The output has no angles.", nameof(output));
        AnchorGrid points = geometry.GridFor(output);
        RotatedTruth truth = RotatedTruth.Create(imageIndex, classes, boxes, points.ImageWidth, points.ImageHeight, points.Strides);
        Assignment found = truth.Count == 0
            ? TaskAlignedAssigner.Nothing(output.Scores.device)
            : assigner.Assign(output.Scores, geometry.Distances(output.Boxes.detach()), angles.detach(), points, truth);

        torch.Tensor normalizer = found.Score.sum().clamp_min_(1);
        torch.Tensor @class = ClassCrossEntropy.Of(output.Scores, truth.Classes, found) / normalizer * gains.Class;
        torch.Tensor box = torch.zeros([], dtype: torch.float32, device: output.Scores.device), distribution = box, angle = box;
        if (found.Count > 0)
        {
            (box, distribution, angle) = BoxParts(output, angles, found, truth, points);
            box = box / normalizer * gains.Box;
            distribution = distribution / normalizer * gains.Distribution;
            angle = angle / normalizer * gains.Angle;
        }
        return BoxLossParts.Sum([box, @class, distribution, angle], output.Scores.size(0));
    }

    /// <summary>Frees the anchor points.</summary>
    public void Dispose() => geometry.Dispose();

    private (torch.Tensor Box, torch.Tensor Distribution, torch.Tensor Angle) BoxParts(
        HeadOutput output, torch.Tensor angles, in Assignment found, in RotatedTruth truth, AnchorGrid points)
    {
        torch.Tensor raw = new FlatView(output.Boxes).PickAll(found.Image, found.Anchor);
        torch.Tensor angle = new FlatView(angles).PickAll(found.Image, found.Anchor).view(-1);
        torch.Tensor x = points.X.index_select(0, found.Anchor), y = points.Y.index_select(0, found.Anchor);
        torch.Tensor stride = points.Stride.index_select(0, found.Anchor);
        RotatedPlanes target = truth.Boxes.Pick(found.Truth).Scale(1 / stride);
        (torch.Tensor distances, torch.Tensor perAnchor) = geometry.Foreground(raw, target.ToDistances(x, y), stride, points);
        torch.Tensor overlap = ProbabilisticIoU.Compute(RotatedPlanes.FromDistances(x, y, distances, angle), target);

        torch.Tensor ratio = ((target.Width + SideEpsilon) / (target.Height + SideEpsilon)).log();
        torch.Tensor weight = (-ratio.square() / SlenderBoxes).exp();
        torch.Tensor turned = weight * ((angle - target.Angle) * 2).sin().square();
        return (((1 - overlap) * found.Score).sum(), (perAnchor * found.Score).sum(), (turned * found.Score).sum());
    }
}
