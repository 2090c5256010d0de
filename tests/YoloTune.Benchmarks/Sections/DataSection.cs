using YoloTune.Data;
using YoloTune.Data.Batches;


namespace YoloTune.Benchmarks.Sections;

/// <summary>The data pipeline alone, with all its threads.</summary>
internal sealed class DataSection : ISection
{
    public string Name => "data";

    public void Run(BenchmarkOptions options, BenchmarkData data, Report report)
    {
        using TrainingData training = new(data, options.Size, options.Batch);
        DetectionDataset split = data.Split("val");
        ValidationBatches validation = new(split, new() { ImageSize = options.Size, BatchSize = options.Batch });
        Measure measure = Measure.Interleaved(
            options.Rounds,
            into => into.Time("training images, default augmentation, mosaic", () => Drain(training.NextEpoch()), training.Batches.Count),
            into => into.Time("validation images, rectangular", () => Drain(validation.Read()), validation.Count));
        report.Section($"Data pipeline alone, {options.Size} px, a batch of {options.Batch}", "ms");
        report.Row(measure, "training images, default augmentation, mosaic");
        report.Row(measure, "validation images, rectangular");
    }

    private static void Drain(IEnumerable<DetectionBatch> batches)
    {
        foreach (DetectionBatch batch in batches) batch.Dispose();
    }
}
