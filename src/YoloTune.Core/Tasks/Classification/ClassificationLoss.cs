using TorchSharp;
using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Training;
using static TorchSharp.torch.nn;

namespace YoloTune.Tasks.Classification;

/// <summary>The cross-entropy of the logits, mean over the images of the batch.</summary>
/// <param name="enter">Told the epoch that begins, counted from 0; null where nothing depends on it.</param>
internal sealed class ClassificationLoss(Action<int>? enter = null) : ICriterion
{
    /// <summary>The name of the one part.</summary>
    internal static readonly IReadOnlyList<string> PartNames = (string[])["loss"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => PartNames;

    /// <inheritdoc/>
    public LossValues Compute(NetworkOutput output, ImageBatch batch) => Compute(
        output.Logits ?? throw new ArgumentException("The output has no logits.", nameof(output)), batch.Targets.Classes);

    /// <inheritdoc/>
    public void SetFinishedEpochs(int finished) => enter?.Invoke(finished);

    /// <summary>The loss.</summary>
    /// <param name="logits">[N, classes].</param>
    /// <param name="classes">The class of each image: [N].</param>
    public static LossValues Compute(torch.Tensor logits, torch.Tensor classes)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor loss = functional.cross_entropy(logits, classes.to(torch.int64));
        return new(loss.MoveToOuterDisposeScope(), loss.detach().reshape(1).MoveToOuterDisposeScope());
    }

    /// <summary>There is nothing to free.</summary>
    public void Dispose()
    {
    }
}
