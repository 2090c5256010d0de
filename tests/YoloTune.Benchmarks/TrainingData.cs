using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Batches;


namespace YoloTune.Benchmarks;

/// <summary>Training batches with the default augmentation, a fixed number an epoch.</summary>
internal sealed class TrainingData : IDisposable
{
    private readonly TrainingPipeline pipeline;
    private int epoch;

    public TrainingData(BenchmarkData data, int size, int batch)
    {
        pipeline = TrainingPipeline.Create(data.Split("train"), new PipelineOptions { ImageSize = size, BatchSize = batch });
        Batches = new TrainingBatches(pipeline, Math.Min(Environment.ProcessorCount, 8));
    }

    public TrainingBatches Batches { get; }

    /// <summary>All batches of another epoch, from the first read file to the last; nothing is prepared for later.</summary>
    public IEnumerable<DetectionBatch> NextEpoch() => Batches.Epoch(epoch++);

    /// <summary>One batch, as an epoch begins with it; the caller disposes it.</summary>
    public DetectionBatch First() => NextEpoch().First();

    public void Dispose() => pipeline.Dispose();
}
