using TorchSharp;
using YoloTune.Basics;
using static TorchSharp.torch;

namespace YoloTune.Benchmarks.Sections;

/// <summary>What the machine can do at best: a single 3x3 convolution, forward. All else is judged against it.</summary>
internal sealed class ConvolutionSection : ISection
{
    private const int Channels = 64, Side = 80, Images = 16, Repeats = 5;

    public string Name => "convolution";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        const double Operations = 2.0 * Images * Side * Side * Channels * Channels * 9 / 1e9;
        Variant[] variants = [Variant.Base, new(Precision.Float32, true), new(Precision.BFloat16, true)];
        Measure measure = Measure.Interleaved(options.Rounds, variants.Select(variant =>
        {
            Tensor x = Lay(rand(Images, Channels, Side, Side), variant), kernel = Lay(rand(Channels, Channels, 3, 3), variant);
            return (Action<Measure>)(into =>
            {
                Measure time = new();
                time.Time("", () =>
                {
                    for (int i = 0; i < Repeats; i++) nn.functional.conv2d(x, kernel, padding: [1, 1]).Dispose();
                });
                into.Add(variant.ToString(), Operations * Repeats / time.Median("") * 1000);
            });
        }));
        report.Section($"Bare convolution, 3x3, {Channels} channels, {Images} x {Side} x {Side}", "GFLOP/s");
        foreach (Variant variant in variants) report.Row(measure, variant.ToString());
    }

    private static Tensor Lay(Tensor tensor, Variant variant)
    {
        Tensor typed = tensor.to(variant.Type);
        return variant.ChannelsLast ? typed.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : typed;
    }
}
