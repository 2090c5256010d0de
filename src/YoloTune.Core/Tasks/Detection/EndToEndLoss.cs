using TorchSharp;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Shared;
using YoloTune.Training;

namespace YoloTune.Tasks.Detection;

/// <summary>
/// The loss of an end-to-end head (YOLOv10, YOLO26): the weighted sum of both branches. The weight moves from the one-to-many to the
/// one-to-one branch in the course of the run. The reported items are those of the one-to-one branch alone, unweighted, for inference
/// uses that branch.
/// </summary>
internal sealed class EndToEndLoss : ICriterion
{
    /// <summary>Weight of the one-to-many branch in the first epoch.</summary>
    public const double FirstWeight = 0.8;

    /// <summary>Weight of the one-to-many branch in the last epoch.</summary>
    public const double LastWeight = 0.1;

    private readonly DetectionLoss oneToMany, oneToOne;
    private readonly int epochs;

    /// <summary>Sets up the losses of both branches.</summary>
    /// <param name="distributionBins">Bins a box side (reg_max).</param>
    /// <param name="strides">Pixels a cell of each level, finest first.</param>
    /// <param name="epochs">Epochs of the whole run.</param>
    /// <param name="gains">The weights of the parts; null takes the defaults.</param>
    public EndToEndLoss(int distributionBins, IReadOnlyList<int> strides, int epochs, LossGains? gains = null)
    {
        this.epochs = epochs;
        oneToMany = new(distributionBins, strides, gains, AssignerOptions.OneToMany);
        oneToOne = new(distributionBins, strides, gains, AssignerOptions.OneToOne);
        SetFinishedEpochs(0);
    }

    /// <summary>The weight of the one-to-many branch now; the other branch has the rest to 1.</summary>
    public double OneToManyWeight { get; private set; }

    /// <inheritdoc/>
    public void SetFinishedEpochs(int finished) =>
        OneToManyWeight = LastWeight + ((FirstWeight - LastWeight) * Math.Max(1 - (finished / (double)Math.Max(epochs - 1, 1)), 0));

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => DetectionLoss.PartNames;

    /// <inheritdoc/>
    public LossValues Compute(NetworkOutput output, ImageBatch batch) => Compute(
        output.OneToMany ?? throw new ArgumentException("The output has no one-to-many branch.", nameof(output)),
        output.OneToOne ?? throw new ArgumentException("The output has no one-to-one branch.", nameof(output)),
        batch.Targets.ImageIndex, batch.Targets.Classes, batch.Targets.Boxes);

    /// <summary>The loss of both branches; the targets are those of <see cref="DetectionLoss"/>.</summary>
    public LossValues Compute(HeadOutput many, HeadOutput one, torch.Tensor imageIndex, torch.Tensor classes, torch.Tensor boxes)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LossValues manyLoss = oneToMany.Compute(many, imageIndex, classes, boxes);
        LossValues oneLoss = oneToOne.Compute(one, imageIndex, classes, boxes);
        torch.Tensor total = (manyLoss.Total * OneToManyWeight) + (oneLoss.Total * (1 - OneToManyWeight));
        return new(total.MoveToOuterDisposeScope(), oneLoss.Items.MoveToOuterDisposeScope());
    }

    /// <summary>Frees the anchor points.</summary>
    public void Dispose()
    {
        oneToMany.Dispose();
        oneToOne.Dispose();
    }
}
