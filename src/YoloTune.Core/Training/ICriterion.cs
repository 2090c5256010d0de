using YoloTune.Data;
using YoloTune.Networks.Heads;

namespace YoloTune.Training;

/// <summary>The loss of a whole network output.</summary>
internal interface ICriterion : IDisposable
{
    /// <summary>
    /// The names of the parts, in the order of <see cref="LossValues.Items"/>, as results.csv has them between train/ and _loss.
    /// </summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The loss of a batch whose tensors are on the device of the output.</summary>
    LossValues Compute(NetworkOutput output, ImageBatch batch);

    /// <summary>Sets how many epochs are finished, for weights that change in the course of a run.</summary>
    void SetFinishedEpochs(int finished);
}
