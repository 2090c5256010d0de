using System.Diagnostics;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Models;
using YoloTune.Runs.Records;
using YoloTune.Runs.Stages;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Runs;

/// <summary>Trains a model for one epoch: batches go through the engine, and the losses are summed on the device.</summary>
internal sealed class EpochTraining(YoloModel model, StagePlan plan, TrainingEngine engine, RunData data, StageFeatures features,
    RunPictures pictures)
{
    // Reading the losses makes a GPU wait for them.
    private const int ReadEveryOnDevice = 10;

    /// <summary>Told of the batches done, the mean losses so far and the images per second.</summary>
    public delegate void Report(int batches, IReadOnlyDictionary<string, double> losses, double imagesPerSecond);

    /// <summary>Trains.</summary>
    /// <param name="epoch">The run's epoch, from 0.</param>
    /// <param name="rateFactor">A factor on every learning rate of the schedule.</param>
    /// <param name="report">Told how far the epoch is.</param>
    /// <param name="cancellation">Stops after the current batch.</param>
    /// <returns>The mean losses by name, and where the first number that is not finite stood, or null.</returns>
    public (IReadOnlyDictionary<string, double> Losses, string? Bad) Run(
        int epoch, double rateFactor, Report report, CancellationToken cancellation)
    {
        PlannedStage stage = plan.At(epoch);
        int count = data.Batches.Count, readEvery = engine.Device.type == DeviceType.CPU ? 1 : ReadEveryOnDevice;
        model.Network.train();
        engine.Criterion.SetFinishedEpochs(epoch);
        using torch.Tensor sums = torch.zeros([engine.Criterion.Names.Count], torch.float64, engine.Device).DetachFromDisposeScope();
        long started = Stopwatch.GetTimestamp();
        int done = 0, images = 0;
        long first = stage.FirstBatch(epoch, count);
        IReadOnlyDictionary<string, double> means = new Dictionary<string, double>();
        foreach (ImageBatch loaded in features.Batches(stage, epoch, cancellation))
        {
            using ImageBatch owned = loaded;
            using DisposeScope scope = torch.NewDisposeScope();
            pictures.TrainingBatch(epoch, done, count, other => plan.At(other).ClosesMosaic(other), owned);
            ImageBatch batch = Scaled(stage.Training, engine.OnDevice(owned), epoch, done);
            int accumulate = stage.Schedule.Apply(engine.Groups, epoch - stage.ScheduleStart, first + done);
            foreach (ParameterGroup group in engine.Groups) group.LearningRate *= rateFactor;
            accumulate = StepCount.Accumulate(stage.Training, accumulate, engine.Step.LastStep < first && done == count - 1);
            using (StepResult result = engine.Run(batch, first + done, accumulate)) sums.add_(result.Items);
            done++;
            images += (int)owned.Images.shape[0];
            if (done % readEvery == 0 || done == count)
            {
                means = Means(sums, done);
                if (!means.Values.All(double.IsFinite)) return (means, BadTensor(done));
                report(done, means, images / Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
            cancellation.ThrowIfCancellationRequested();
        }
        pictures.DrawWaiting();
        return (means, engine.FirstNonFiniteAverage());
    }

    private ImageBatch Scaled(TrainingOptions training, ImageBatch batch, int epoch, int index)
    {
        double range = training.Augmentation.MultiScale;
        if (range == 0) return batch;
        int size = MultiScale.Draw(new RandomStream(training.Seed, "scale", epoch, index), training.ImageSize, range, model.Stride);
        torch.Tensor scaled = MultiScale.Resize(batch.Images.to(torch.float32), size, model.Stride);
        return batch with { Images = scaled.round().clamp(0, 255).to(torch.uint8) };
    }

    private string BadTensor(int batch) =>
        engine.Step.FirstNonFinite() is { } name ? "tensor " + name : FormattableString.Invariant($"the loss of batch {batch}");

    private Dictionary<string, double> Means(torch.Tensor sums, int batches)
    {
        using torch.Tensor host = sums.cpu();
        return engine.Criterion.Names.Zip(host.data<double>()).ToDictionary(entry => entry.First, entry => entry.Second / batches);
    }
}
