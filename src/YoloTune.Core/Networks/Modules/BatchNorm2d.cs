using System.Runtime.InteropServices;
using TorchSharp;
using YoloTune.Kernels;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace YoloTune.Networks.Modules;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy, 2015). Weights and statistics are float32 whatever the type of the input.
/// </summary>
internal sealed class BatchNorm2d : Block, INormLayer
{
    // A number that TorchSharp makes a scalar of for one call may be freed by the garbage collector while the call is at work, as nothing
    // keeps it alive. This one is counted with in every layer of every batch.
    private static readonly Scalar One = 1;

    private Parameter weight;
    private Parameter bias;
    private Tensor running_mean;
    private Tensor running_var;
    private Tensor num_batches_tracked;

    /// <summary>Creates a normalisation that does nothing yet: weight 1, bias 0, mean 0, variance 1.</summary>
    public BatchNorm2d(BlockSettings settings, int features) : base(ReferencePath.Torch + "batchnorm.BatchNorm2d")
    {
        (Features, Epsilon, Momentum) = (features, settings.NormEpsilon, settings.NormMomentum);
        weight = Weight("weight", ones([features], float32, settings.Device));
        bias = Weight("bias", zeros([features], float32, settings.Device));
        running_mean = Buffer("running_mean", zeros([features], float32, settings.Device));
        running_var = Buffer("running_var", ones([features], float32, settings.Device));
        num_batches_tracked = Buffer("num_batches_tracked", zeros([], int64, settings.Device));
    }

    /// <summary>Channels.</summary>
    public int Features { get; }

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; set; }

    /// <summary>The fraction of a batch's statistics in the running statistics.</summary>
    public double Momentum { get; set; }

    /// <summary>
    /// True while the layer is frozen: it normalises with the running statistics and leaves them as they are, in training mode too.
    /// </summary>
    public bool KeepStatistics { get; set; }

    /// <summary>The factors [C].</summary>
    public Parameter Gain => weight;

    /// <summary>The offsets [C].</summary>
    public Parameter Bias => bias;

    Tensor INormLayer.Gains => weight;

    Tensor INormLayer.Offsets => bias;

    bool INormLayer.Learns => Learns;

    private bool Learns => training && !KeepStatistics;

    /// <summary>The running mean [C].</summary>
    public Tensor RunningMean => running_mean;

    /// <summary>The running variance [C].</summary>
    public Tensor RunningVariance => running_var;

    /// <summary>Training batches seen, an int64 scalar.</summary>
    public Tensor BatchesTracked => num_batches_tracked;

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
    [
        new("num_features", Features), new("eps", Epsilon), new("momentum", Momentum), new("affine", true),
        new("track_running_stats", true),
    ];

    /// <summary>Normalises [N, C, H, W] channel by channel.</summary>
    public override Tensor forward(Tensor x)
    {
        if (x.device_type == DeviceType.META) return empty_like(x);
        if (Learns) CountBatch();
        return nn.functional.batch_norm(x, running_mean, running_var, weight, bias, Learns, Momentum, Epsilon);
    }

    void INormLayer.Track(ReadOnlySpan<float> mean, ReadOnlySpan<double> variance, long pixels)
    {
        CountBatch();
        Span<float> means = MemoryMarshal.Cast<byte, float>(running_mean.bytes);
        Span<float> variances = MemoryMarshal.Cast<byte, float>(running_var.bytes);
        double unbiased = pixels / (double)Math.Max(pixels - 1, 1);
        for (int c = 0; c < Features; c++)
        {
            means[c] = (float)(((1 - Momentum) * means[c]) + (Momentum * mean[c]));
            variances[c] = (float)(((1 - Momentum) * variances[c]) + (Momentum * variance[c] * unbiased));
        }
    }

    private void CountBatch()
    {
        using IDisposable untracked = no_grad();
        num_batches_tracked.add_(One, One);
    }
}
