using TorchSharp;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Training;

namespace YoloTune.Tasks.Shared;

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

    private readonly IBranchLoss oneToMany, oneToOne;
    private readonly int epochs;
    private readonly Func<HeadOutput, HeadOutput, HeadOutput>? share;

    /// <summary>Puts the losses of both branches together; they are freed with this one.</summary>
    /// <param name="oneToMany">The loss of the one-to-many branch.</param>
    /// <param name="oneToOne">The loss of the one-to-one branch.</param>
    /// <param name="epochs">Epochs of the whole run.</param>
    /// <param name="share">Completes the one-to-one output, the second one, with what only the first has; null where nothing is
    /// shared.</param>
    public EndToEndLoss(IBranchLoss oneToMany, IBranchLoss oneToOne, int epochs, Func<HeadOutput, HeadOutput, HeadOutput>? share = null)
    {
        this.share = share;
        (this.oneToMany, this.oneToOne, this.epochs) = (oneToMany, oneToOne, epochs);
        SetFinishedEpochs(0);
    }

    /// <summary>The weight of the one-to-many branch now; the other branch has the rest to 1.</summary>
    public double OneToManyWeight { get; private set; }

    /// <inheritdoc/>
    public void SetFinishedEpochs(int finished) =>
        OneToManyWeight = LastWeight + ((FirstWeight - LastWeight) * Math.Max(1 - (finished / (double)Math.Max(epochs - 1, 1)), 0));

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => oneToOne.Names;

    /// <inheritdoc/>
    public LossValues Compute(NetworkOutput output, ImageBatch batch) => Compute(
        output.OneToMany ?? throw new ArgumentException("The output has no one-to-many branch.", nameof(output)),
        output.OneToOne ?? throw new ArgumentException("The output has no one-to-one branch.", nameof(output)),
        batch.Targets);

    /// <summary>The loss of both branches.</summary>
    public LossValues Compute(HeadOutput many, HeadOutput one, Targets targets)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LossValues manyLoss = oneToMany.Compute(many, targets);
        LossValues oneLoss = oneToOne.Compute(share?.Invoke(many, one) ?? one, targets);
        torch.Tensor total = (manyLoss.Total * OneToManyWeight) + (oneLoss.Total * (1 - OneToManyWeight));
        return new(total.MoveToOuterDisposeScope(), oneLoss.Items.MoveToOuterDisposeScope());
    }

    /// <summary>Frees the losses of the branches.</summary>
    public void Dispose()
    {
        oneToMany.Dispose();
        oneToOne.Dispose();
    }
}
