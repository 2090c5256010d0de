using TorchSharp;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Models;
using YoloTune.Runs.Stages;
using YoloTune.Training;
using YoloTune.Training.Optimizers;
using YoloTune.Training.Schedule;

namespace YoloTune.Runs.Finder;

/// <summary>
/// Learning-rate range test (Smith 2017, "Cyclical Learning Rates for Training Neural Networks", section 3.3): the rate rises
/// exponentially from step to step while real batches are trained on, and the loss shows where it is too small, right and too large.
/// A copy of the model is trained; the model itself, its statistics and all random state stay as they are.
/// </summary>
public static class LearningRateFinder
{
    // An exponential mean over some ten steps, corrected for its start at zero. It only tells when to stop: the curve is smoothed without
    // lag when it is complete.
    private const double Smoothing = 0.9;

    // A mean this many times the best has exploded.
    private const double Explosion = 4;

    /// <summary>Sweeps the learning rate.</summary>
    /// <param name="model">The model; what is frozen and the factors of its parameters are obeyed.</param>
    /// <param name="options">Dataset and training options; the learning rate among them is not used.</param>
    /// <param name="sweep">The range of the sweep.</param>
    /// <param name="hooks">Progress, warnings and messages; null for none.</param>
    /// <param name="cancellation">Stops after the current batch.</param>
    /// <exception cref="TrainingException">The model cannot be trained, or the range is empty.</exception>
    /// <exception cref="DatasetException">The dataset cannot be read.</exception>
    public static LearningRateSearch Run(
        YoloModel model, RunOptions options, LearningRateSweep sweep, TrainingHooks? hooks = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        hooks ??= new();
        sweep.Check();
        options = RunChecks.Resolve(
            model, options with { Training = options.Training with { Validate = false, LearningRate = sweep.First } }, hooks);
        using RunData data = RunData.Open(model, options, hooks, cancellation);
        using YoloModel copy = model.Copy();
        OptimizerChoice choice = StagePlan.Choose(options, data.Batches.ImageCount, model.ClassCount)[0];
        PlannedStage stage = StagePlan.Create(options, [choice], data.Batches.Count, data.Batches.BatchSize).Stages[0];
        using TrainingEngine engine = new(copy, stage, data.Batches.BatchSize);
        copy.Network.train();
        engine.Criterion.SetFinishedEpochs(0);
        int accumulate = Math.Max(1, (int)Math.Round(options.Training.NominalBatchSize / (double)data.Batches.BatchSize));
        (List<(double Rate, double Loss)> steps, bool diverged) = Sweep(engine, data, choice, sweep, accumulate, hooks, cancellation);
        LearningRateSearch found = LearningRateSearch.Of(steps, diverged, choice.Kind.ToString());
        if (found.Reason is { } reason) hooks.Warning?.Invoke($"No learning rate is suggested. {reason}");
        return found;
    }

    private static (List<(double Rate, double Loss)> Steps, bool Diverged) Sweep(
        TrainingEngine engine, RunData data, OptimizerChoice choice, LearningRateSweep sweep, int accumulate, TrainingHooks hooks,
        CancellationToken cancellation)
    {
        List<(double Rate, double Loss)> points = [];
        double average = 0, best = double.PositiveInfinity, sum = 0;
        long iteration = 0;
        for (int epoch = 0; ; epoch++)
        {
            foreach (ImageBatch loaded in data.Batches.Epoch(epoch, closeMosaic: false, cancellation))
            {
                using ImageBatch owned = loaded;
                using DisposeScope scope = torch.NewDisposeScope();
                double rate = sweep.RateOf(points.Count);
                // MuSGD's groups keep their proportion to each other.
                foreach (ParameterGroup group in engine.Groups) group.LearningRate = rate * group.InitialLearningRate / choice.LearningRate;
                using StepResult result = engine.Run(engine.OnDevice(owned), iteration, accumulate);
                sum += result.Items.sum().ToDouble();
                iteration++;
                cancellation.ThrowIfCancellationRequested();
                if (iteration % accumulate != 0) continue;
                double loss = sum / accumulate;
                sum = 0;
                average = (Smoothing * average) + ((1 - Smoothing) * loss);
                double smoothed = average / (1 - Math.Pow(Smoothing, points.Count + 1));
                if (!double.IsFinite(loss)) return (points, true);
                points.Add((rate, loss));
                hooks.Progress?.Report(new(TrainingPhase.Training, 1, 1, points.Count, sweep.Steps));
                best = Math.Min(best, smoothed);
                if (points.Count > 1 && smoothed > Explosion * best) return (points, true);
                if (points.Count == sweep.Steps) return (points, false);
            }
        }
    }
}
