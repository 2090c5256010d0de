using TorchSharp;
using YoloTune.Data;
using YoloTune.Networks.Heads;

namespace YoloTune.Training;

/// <summary>The loss of a whole network output: one branch or two.</summary>
public interface IDetectionCriterion : IDisposable
{
    /// <summary>The loss of a batch whose tensors are on the device of the output.</summary>
    LossResult Compute(NetworkOutput output, DetectionBatch batch);

    /// <summary>Tells how many epochs are finished, for weights that change in the course of a run.</summary>
    void SetFinishedEpochs(int finished);
}
