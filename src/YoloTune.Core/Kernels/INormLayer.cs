using TorchSharp;

namespace YoloTune.Kernels;

/// <summary>A batch normalisation as the kernels see it; all vectors are float32 [C].</summary>
internal interface INormLayer
{
    /// <summary>The factors.</summary>
    torch.Tensor Gains { get; }

    /// <summary>The offsets.</summary>
    torch.Tensor Offsets { get; }

    /// <summary>The running mean.</summary>
    torch.Tensor RunningMean { get; }

    /// <summary>The running variance.</summary>
    torch.Tensor RunningVariance { get; }

    /// <summary>Added to the variance.</summary>
    double Epsilon { get; }

    /// <summary>Whether a pass uses the statistics of its batch and moves the running ones.</summary>
    bool Learns { get; }

    /// <summary>
    /// Moves the running statistics towards a batch's own: means and biased variances of its channels over so many pixels.
    /// </summary>
    void Track(ReadOnlySpan<float> mean, ReadOnlySpan<double> variance, long pixels);
}
