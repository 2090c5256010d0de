using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>
/// Draws initial weights from a generator of its own, so that a seed always gives the same network and the global random state stays
/// as it was.
/// </summary>
internal sealed class WeightInitializer : IDisposable
{
    private readonly Generator generator;

    /// <summary>Starts from a seed.</summary>
    public WeightInitializer(long seed) => generator = new Generator((ulong)seed);

    /// <summary>Fills with values uniform in ±1/√<paramref name="fanIn"/>: PyTorch's default for convolution and linear layers.</summary>
    public void Default(Tensor parameter, long fanIn)
    {
        double bound = 1 / Math.Sqrt(fanIn);
        Fill(parameter, target => target.uniform_(-bound, bound, generator));
    }

    /// <summary>Fills with normal values of the given deviation, cut at ±2.</summary>
    public void TruncatedNormal(Tensor parameter, double deviation) =>
        Fill(parameter, target => target.normal_(0, deviation, generator).clamp_(-2, 2));

    /// <summary>Fills a matrix [out, in] with values uniform in ±gain·√(6/(in+out)) (Glorot and Bengio, 2010).</summary>
    public void XavierUniform(Tensor parameter, double gain)
    {
        double bound = gain * Math.Sqrt(6.0 / (parameter.shape[0] + parameter.shape[1]));
        Fill(parameter, target => target.uniform_(-bound, bound, generator));
    }

    /// <inheritdoc />
    public void Dispose() => generator.Dispose();

    private static void Fill(Tensor parameter, Action<Tensor> fill)
    {
        using IDisposable untracked = no_grad();
        fill(parameter);
    }
}
