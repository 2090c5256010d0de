using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Training;

namespace YoloTune.Tasks.Shared;

/// <summary>The loss of a head with one branch. It owns the branch's loss.</summary>
internal sealed class ClassicLoss(IBranchLoss branch) : ICriterion
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Names => branch.Names;

    /// <inheritdoc/>
    public LossValues Compute(NetworkOutput output, ImageBatch batch) => branch.Compute(
        output.OneToMany ?? throw new ArgumentException("The output has no one-to-many branch.", nameof(output)), batch.Targets);

    /// <inheritdoc/>
    public void SetFinishedEpochs(int finished)
    {
        // The parts of a single branch keep their weights all through a run.
    }

    /// <summary>Frees the branch's loss.</summary>
    public void Dispose() => branch.Dispose();
}
