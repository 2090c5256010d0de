using YoloTune.Basics;
using YoloTune.Evaluation;
using YoloTune.Runs.Records;
using YoloTune.Runs.Stages;
using YoloTune.Tasks;

namespace YoloTune.Runs;

/// <summary>Reports how far a run is, with the time that is left.</summary>
internal sealed class RunReporter(
    TrainingHooks hooks, int totalEpochs, YoloTask task, RunData data, IReadOnlyList<YoloEpoch> epochs, StageSwitch stages,
        EpochTable table)
{
    private bool hasHeading;

    private YoloEpoch? Best => epochs.Where(epoch => epoch.Fitness is not null).MaxBy(epoch => epoch.Fitness);

    private double MeanSeconds => epochs.Average(past => (past.TrainSeconds ?? 0) + (past.ValidationSeconds ?? 0));

    private double Left => MeanSeconds * Math.Max(0, totalEpochs - epochs.Count);

    private double? LastFitness => epochs.LastOrDefault(epoch => epoch.Fitness is not null)?.Fitness;

    /// <summary>Reports on an epoch that is trained.</summary>
    /// <param name="epoch">The run's epoch, from 0.</param>
    /// <param name="done">Batches done.</param>
    /// <param name="losses">The mean losses so far.</param>
    /// <param name="imagesPerSecond">The speed of this epoch.</param>
    public void Training(int epoch, int done, IReadOnlyDictionary<string, double> losses, double imagesPerSecond)
    {
        if (hooks.Progress is null) return;
        int count = data.Batches.Count;
        double perEpoch = epochs.Count > 0 ? MeanSeconds : data.Batches.ImageCount / imagesPerSecond;
        double remaining = perEpoch * (totalEpochs - epoch - (done / (double)count));
        YoloEpoch? best = Best;
        hooks.Progress.Report(new(TrainingPhase.Training, epoch + 1, totalEpochs, done, count)
        {
            Stage = stages.Stage.Definition?.Name,
            Losses = losses,
            Fitness = LastFitness,
            BestFitness = best?.Fitness,
            BestEpoch = best?.Epoch,
            FitnessName = task.FitnessName,
            ImagesPerSecond = imagesPerSecond,
            Remaining = TimeSpan.FromSeconds(Math.Max(0, remaining)),
        });
    }

    /// <summary>
    /// Reports on a measurement; the reports come at once and on the same thread, which <see cref="Progress{T}"/> does not do.
    /// </summary>
    /// <param name="phase">Which measurement.</param>
    /// <param name="epoch">The run's epoch, from 0.</param>
    public IProgress<EvaluationProgress> Measuring(TrainingPhase phase, int epoch) => new Relay<EvaluationProgress>(done =>
        hooks.Progress?.Report(new(phase, epoch + 1, totalEpochs, done.Images, done.TotalImages ?? 0)
        {
            Fitness = LastFitness, BestFitness = Best?.Fitness, BestEpoch = Best?.Epoch, FitnessName = task.FitnessName,
            Stage = stages.Stage.Definition?.Name, Remaining = epochs.Count > 0 ? TimeSpan.FromSeconds(Left) : null,
        }));

    /// <summary>Writes the line of an epoch that is done, the first time below a heading.</summary>
    /// <param name="epoch">The epoch, which is in the list already.</param>
    /// <param name="isBest">Whether its weights are the best so far.</param>
    public void Finished(YoloEpoch epoch, bool isBest)
    {
        if (!hasHeading) hooks.Line?.Invoke(table.Heading);
        hasHeading = true;
        hooks.Line?.Invoke(table.Line(epoch, isBest, Left));
        hooks.Message?.Invoke(EpochTable.Detail(epoch));
    }

    /// <summary>Writes that another stage begins; the next epoch stands below a heading again.</summary>
    public void Entered()
    {
        if (stages.Stage.Definition is not { } stage) return;
        hooks.Line?.Invoke($"Stage {stage.Name}, {Counted.Of(stages.Stage.Epochs, "epoch")}.");
        hasHeading = false;
    }

    private sealed class Relay<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
