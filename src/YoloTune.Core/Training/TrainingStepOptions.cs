using TorchSharp;

namespace YoloTune.Training;

/// <summary>How a training step computes.</summary>
internal sealed record TrainingStepOptions
{
    /// <summary>The number format of the pass: float32, bfloat16 or float16.</summary>
    public torch.ScalarType Precision { get; init; } = torch.float32;

    /// <summary>Whether images are laid out with channels last; the network's kernels have to be as well.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>The largest norm of the gradient of all parameters together.</summary>
    public double GradientNorm { get; init; } = 10;
}
