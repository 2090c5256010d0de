using TorchSharp;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Shared;
using YoloTune.Training;

namespace YoloTune.Tasks.Detection;

/// <summary>The detection loss of one head branch: <see cref="BoxLoss"/> and nothing else.</summary>
internal sealed class DetectionLoss : IBranchLoss
{
    /// <summary>The names of the parts: box overlap, classes, distribution (or distances).</summary>
    internal static readonly IReadOnlyList<string> PartNames = (string[])["box", "cls", "dfl"];

    private readonly BoxLoss boxes;

    /// <summary>Sets up the loss of a branch.</summary>
    /// <param name="distributionBins">Bins a box side (reg_max); 1 where the head gives the distance itself.</param>
    /// <param name="strides">Pixels a cell of each level, finest first.</param>
    /// <param name="gains">The weights of the parts; null takes the defaults.</param>
    /// <param name="options">The assigner's constants; null takes those of the one-to-many branch.</param>
    public DetectionLoss(int distributionBins, IReadOnlyList<int> strides, LossGains? gains = null, AssignerOptions? options = null) =>
        boxes = new(distributionBins, strides, gains, options);

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => PartNames;

    /// <inheritdoc/>
    public LossValues Compute(HeadOutput output, Targets targets) =>
        Compute(output, targets.ImageIndex, targets.Classes, targets.Boxes);

    /// <summary>The loss of one branch.</summary>
    /// <param name="output">The raw output, float32.</param>
    /// <param name="imageIndex">The image each box belongs to: [G], ascending.</param>
    /// <param name="classes">Class ids [G] or [G, 1].</param>
    /// <param name="boxes">[G, 4]: centre x, centre y, width, height divided by the image's width or height.</param>
    public LossValues Compute(HeadOutput output, torch.Tensor imageIndex, torch.Tensor classes, torch.Tensor boxes)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        BoxLossParts parts = this.boxes.Compute(output, imageIndex, classes, boxes);
        return BoxLossParts.Sum([parts.Box, parts.Class, parts.Distribution], output.Scores.size(0));
    }

    /// <summary>Frees the anchor points.</summary>
    public void Dispose() => boxes.Dispose();
}
