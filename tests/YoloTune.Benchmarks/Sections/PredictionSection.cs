using YoloTune.Basics;
using YoloTune.Models;
using YoloTune.Networks.Architecture;
using YoloTune.Prediction;

namespace YoloTune.Benchmarks.Sections;

/// <summary>Prediction on image files at its defaults, from the file to the boxes.</summary>
internal sealed class PredictionSection : ISection
{
    private const int MostImages = 32;

    public string Name => "prediction";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        using YoloModel model = data.NewModel();
        string[] files = [.. data.Split("val").Images.Take(MostImages).Select(image => image.Path)];
        Variant[] variants = [new(Precision.Float32, true), new(Precision.BFloat16, true)];
        Measure measure = Measure.Interleaved(options.Rounds, variants.Select(variant => (Action<Measure>)(into =>
        {
            using Predictor predictor = new(model.Network, model.ClassNames, new PredictionOptions { Precision = variant.Precision });
            into.Time(variant.ToString(), () => predictor.Predict(files).Count(), files.Length);
        })));
        report.Section($"Prediction of {files.Length} files, {ImageSizes.Usual} px", "ms/image");
        foreach (Variant variant in variants) report.Row(measure, variant.ToString());
    }
}
