using TorchSharp;
using YoloTune.Basics;
using YoloTune.Devices;

namespace YoloTune.Benchmarks;

/// <summary>A number format and a memory layout.</summary>
internal sealed record Variant(Precision Precision, bool ChannelsLast)
{
    /// <summary>What every ratio is taken against.</summary>
    public static Variant Base { get; } = new(Precision.Float32, false);

    public torch.ScalarType Type => Precision == Precision.Float32 ? torch.ScalarType.Float32 : torch.ScalarType.BFloat16;

    public override string ToString() => (Precision == Precision.Float32 ? "float32" : "bfloat16") + (ChannelsLast ? "" : ", NCHW");
}
