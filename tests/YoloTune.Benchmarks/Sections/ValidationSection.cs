using TorchSharp;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Batches;
using YoloTune.Evaluation;
using YoloTune.Inference;
using YoloTune.Models;

namespace YoloTune.Benchmarks.Sections;

/// <summary>Evaluation at its defaults (640 px, batches of 16, rectangular), against the least that it could take.</summary>
internal sealed class ValidationSection : ISection
{
    private const string BareForward = "bare forward pass, folded, float32", Reading = "reading and letterboxing alone";

    public string Name => "validation";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        using YoloModel model = data.NewModel();
        ImageDataset split = data.Split("val");
        EvaluationOptions defaults = new() { ImageSize = model.ImageSize };
        ValidationBatches batches = new(split, new() { ImageSize = model.ImageSize, BatchSize = defaults.BatchSize });
        Variant plain = new(Precision.Float32, true), half = new(Precision.BFloat16, true);
        Variant[] variants = [Variant.Base, plain, half];
        Dictionary<Variant, YoloMetrics> results = [];
        using InferenceNetwork bare = new(model.Network, fuse: true, Precision.Float32);
        List<torch.Tensor> prepared = Prepare(batches, bare);
        Measure measure = Measure.Interleaved(options.Rounds,
        [
            .. variants.Select(variant => (Action<Measure>)(into => into.Time(Label(variant), () => results[variant] = new Validator(
                model.ClassNames, defaults with { Precision = variant.Precision, ChannelsLast = variant.ChannelsLast })
                .Run(model.Network, batches.Read()), split.Images.Count))),
            into => into.Time(BareForward, () => Forward(bare, prepared), split.Images.Count),
            into => into.Time(Reading, () => Read(batches), split.Images.Count),
        ]);
        prepared.ForEach(images => images.Dispose());

        report.Section($"Evaluation of {split.Images.Count} images, {defaults.ImageSize} px, batches of {defaults.BatchSize}", "ms/image");
        foreach (Variant variant in variants) report.Row(measure, Label(variant));
        report.Row(measure, BareForward);
        report.Row(measure, Reading);
        report.Row("float32: times bare forward pass + reading", measure.Median(Label(plain)) / (measure.Median(BareForward)
            + measure.Median(Reading)));
        report.Row("bfloat16: times faster than float32, NCHW", measure.Ratio(Label(Variant.Base), Label(half)));
        report.Row("mAP50-95, float32, NCHW", results[Variant.Base].MAP ?? double.NaN);
        report.Row("mAP50-95, bfloat16", results[half].MAP ?? double.NaN);
    }

    private static string Label(Variant variant) => $"evaluation, {variant}";

    private static List<torch.Tensor> Prepare(ValidationBatches batches, InferenceNetwork network)
    {
        List<torch.Tensor> prepared = [];
        foreach (ImageBatch loaded in batches.Read())
        {
            using ImageBatch batch = loaded;
            prepared.Add(network.Prepare(batch.Images));
        }
        return prepared;
    }

    private static void Forward(InferenceNetwork network, List<torch.Tensor> prepared)
    {
        using IDisposable untracked = torch.no_grad();
        foreach (torch.Tensor images in prepared)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            network.Network.Decode(network.Network.call(images));
        }
    }

    private static void Read(ValidationBatches batches)
    {
        foreach (ImageBatch batch in batches.Read()) batch.Dispose();
    }
}
