using TorchSharp;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Shared;
using YoloTune.Training;
using static TorchSharp.torch.nn;

namespace YoloTune.Tasks.Pose;

/// <summary>
/// The loss of one branch of a pose head: boxes and classes as for detection, and for the same foreground the distance of the points
/// relative to the size of the object, whether they are visible and, for YOLO26, the likelihood of their errors (Li et al. 2021, "Human
/// Pose Regression with Residual Log-likelihood Estimation").
/// </summary>
internal sealed class PoseLoss : IBranchLoss
{
    /// <summary>The names of the parts of a classic head.</summary>
    internal static readonly IReadOnlyList<string> ClassicNames = (string[])["box", "pose", "kobj", "cls", "dfl"];

    /// <summary>The names of the parts of YOLO26's head.</summary>
    internal static readonly IReadOnlyList<string> FlowNames = (string[])[.. ClassicNames, "rle"];

    /// <summary>The name of the points among the parts of a batch's targets: [G, K, 3].</summary>
    internal const string KeypointsPart = "keypoints";

    private const double AreaEpsilon = 1e-9, CountEpsilon = 1e-9;

    private readonly BoxLoss boxes;
    private readonly LossGains gains;
    private readonly int keypoints, dimensions;
    private readonly double factor, offset;
    private readonly KeypointLikelihood? likelihood;
    private readonly torch.Tensor spread;
    private torch.Tensor? spreadOnDevice;

    /// <summary>Sets up the loss of a branch.</summary>
    /// <param name="head">What the head predicts of points.</param>
    /// <param name="distributionBins">Bins a box side (reg_max); 1 where the head gives the distance itself.</param>
    /// <param name="strides">Pixels a cell of each level, finest first.</param>
    /// <param name="gains">The weights of the parts; null takes the defaults.</param>
    /// <param name="options">The assigner's constants; null takes those of the one-to-many branch.</param>
    internal PoseLoss(
        KeypointHead head, int distributionBins, IReadOnlyList<int> strides, LossGains? gains = null, AssignerOptions? options = null)
    {
        this.gains = gains ?? new();
        boxes = new(distributionBins, strides, this.gains, options);
        (keypoints, dimensions, factor, offset) = (head.Keypoints, head.Dimensions, head.Factor, head.Offset);
        likelihood = head.Flow is null ? null : new(head.Flow, KeypointConstants.Weights(keypoints, dimensions));
        float[] sigmas = KeypointConstants.Sigmas(keypoints, dimensions);
        spread = torch.tensor([.. sigmas.Select(sigma => 2 * sigma * (2 * sigma))]).view(-1, 1).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => likelihood is null ? ClassicNames : FlowNames;

    /// <inheritdoc/>
    public LossValues Compute(HeadOutput output, Targets targets) =>
        Compute(output, targets.ImageIndex, targets.Classes, targets.Boxes, targets.Part(KeypointsPart));

    /// <summary>The loss of one branch.</summary>
    /// <param name="output">The raw output, float32.</param>
    /// <param name="imageIndex">The image each object belongs to: [G], ascending.</param>
    /// <param name="classes">Class ids [G] or [G, 1].</param>
    /// <param name="objectBoxes">[G, 4]: centre x, centre y, width, height divided by the image's width or height.</param>
    /// <param name="points">[G, K, 3]: x and y divided by the image's width or height, and the visibility, 0 for not labelled.</param>
    public LossValues Compute(
        HeadOutput output, torch.Tensor imageIndex, torch.Tensor classes, torch.Tensor objectBoxes, torch.Tensor points)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        BoxLossParts parts = boxes.Compute(output, imageIndex, classes, objectBoxes);
        torch.Tensor pose = parts.Zero, visibility = pose, error = pose;
        if (parts.Found.Count > 0) (pose, visibility, error) = PointParts(output, parts, points.to(torch.float32));
        List<torch.Tensor> all =
            [parts.Box, pose * gains.Keypoints, visibility * gains.Visibility, parts.Class, parts.Distribution];
        if (likelihood is not null) all.Add(error * gains.Likelihood);
        return BoxLossParts.Sum(all, output.Scores.size(0));
    }

    /// <summary>Frees the anchor points and constants.</summary>
    public void Dispose()
    {
        boxes.Dispose();
        likelihood?.Dispose();
        spreadOnDevice?.Dispose();
        spread.Dispose();
    }

    private (torch.Tensor Pose, torch.Tensor Visibility, torch.Tensor Likelihood) PointParts(
        HeadOutput output, in BoxLossParts parts, torch.Tensor points)
    {
        (Assignment found, AnchorGrid grid) = (parts.Found, parts.Points);
        torch.Tensor raw = new FlatView(output.Keypoints ?? throw new ArgumentException("The output has no keypoints.", nameof(output)))
            .PickAll(found.Image, found.Anchor).view(keypoints, dimensions, -1);
        torch.Tensor stride = grid.Stride.index_select(0, found.Anchor);
        torch.Tensor x = raw.select(1, 0) * factor + (grid.X.index_select(0, found.Anchor) + offset);
        torch.Tensor y = raw.select(1, 1) * factor + (grid.Y.index_select(0, found.Anchor) + offset);

        torch.Tensor labels = points.index_select(0, found.Truth).permute(1, 2, 0);
        torch.Tensor dx = x - labels.select(1, 0) * grid.ImageWidth / stride, dy = y - labels.select(1, 1) * grid.ImageHeight / stride;
        torch.Tensor visible = labels.select(1, 2) != 0;
        torch.Tensor mask = visible.to(torch.float32);

        BoxPlanes box = BoxPlanes.FromPlanes(parts.Truth.Corners.index_select(1, found.Truth) / stride);
        torch.Tensor area = (box.Right - box.Left) * (box.Bottom - box.Top);
        torch.Tensor exponent = (dx.square() + dy.square()) / (Spread(raw.device) * (area + AreaEpsilon) * 2);
        torch.Tensor factors = keypoints / (mask.sum([0L]) + CountEpsilon);
        torch.Tensor pose = (factors * ((1 - (-exponent).exp()) * mask)).mean();

        torch.Tensor visibility = dimensions == 3
            ? functional.binary_cross_entropy_with_logits(raw.select(1, 2), mask)
            : parts.Zero;
        torch.Tensor? error = output.KeypointSigmas is null ? null : likelihood?.Compute(
            dx, dy, new FlatView(output.KeypointSigmas).PickAll(found.Image, found.Anchor).view(keypoints, 2, -1), visible);
        return (pose, visibility, error ?? parts.Zero);
    }

    private torch.Tensor Spread(torch.Device device)
    {
        if (device.type == DeviceType.CPU) return spread;
        return spreadOnDevice ??= spread.to(device).DetachFromDisposeScope();
    }
}
