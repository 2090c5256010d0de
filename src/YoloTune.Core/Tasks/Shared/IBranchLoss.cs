using YoloTune.Data;
using YoloTune.Networks.Heads;
using YoloTune.Training;

namespace YoloTune.Tasks.Shared;

/// <summary>The loss of one branch of a head. A classic head has one branch, an end-to-end head two.</summary>
internal interface IBranchLoss : IDisposable
{
    /// <summary>The names of the parts, in the order of <see cref="LossValues.Items"/>.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The loss of a branch.</summary>
    /// <param name="output">The branch's raw output, float32.</param>
    /// <param name="targets">The labels, on the device of the output.</param>
    LossValues Compute(HeadOutput output, Targets targets);
}
