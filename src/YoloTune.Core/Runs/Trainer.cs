using System.Diagnostics;
using TorchSharp;
using YoloTune.Devices;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Kernels;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Runs.Records;
using YoloTune.Runs.Stages;
using YoloTune.Tasks;
using YoloTune.Training;
using YoloTune.Training.Optimizers;
using YoloTune.Training.Schedule;

namespace YoloTune.Runs;

/// <summary>
/// Trains a model in place, epoch after epoch, and keeps the run's folder. It can be driven to the end with <see cref="Run"/> or stepped
/// with <see cref="NextEpoch"/>. After every epoch all that the run needs is on the disk, so a run that was stopped or killed goes on with
/// <see cref="Resume"/>: it repeats the epoch it was in from that epoch's start, and equals a run that never stopped.
/// </summary>
public sealed partial class Trainer : IDisposable
{
    private const int MostRecoveries = 3;
    private const double RecoveryFactor = 0.5;

    private readonly string source;
    private readonly RunOptions options;
    private readonly TrainingOptions training;
    private readonly TrainingHooks hooks;
    private readonly RunData data;
    private readonly RunFolder folder;
    private readonly TrainingEngine engine;
    private readonly StagePlan plan;
    private readonly TuningState tuning;
    private readonly EarlyStopping stopping;
    private readonly RunPictures pictures;
    private readonly LateFiles late;
    private readonly Queue<YoloEpoch> forBoard = [];
    private readonly ICriterion validationCriterion;
    private readonly List<YoloEpoch> epochs = [];
    private readonly IReadOnlyDictionary<string, object?> arguments;
    private readonly YoloTask task;
    private readonly IReadOnlyList<string> columns;
    private PlannedStage stage;
    private TensorBoardWriter? board;
    private double learningRateFactor = 1;
    private int recoveries;
    private bool ended, left;

    private Trainer(
        YoloModel model, string source, RunOptions options, IReadOnlyList<OptimizerChoice> choices, TrainingHooks hooks, RunData data,
        RunFolder folder)
    {
        Model = model;
        task = YoloTask.ToTrain(model.Task, model.Name);
        columns = ResultsTable.Columns(task.LossNamesOf(model.Network), task.MeasureNames);
        this.source = source;
        this.options = options;
        training = options.Training;
        this.hooks = hooks;
        this.data = data;
        this.folder = folder;
        int batchSize = data.Batches.BatchSize;
        plan = StagePlan.Create(options, choices, data.Batches.Count, batchSize);
        tuning = TuningState.Of(model);
        stage = plan.Stages[0];
        stage.Definition?.Apply(model);
        engine = new TrainingEngine(model, stage, batchSize);
        // Checkpoints carry what the model was marked with, not what a stage made of it.
        tuning.Apply(engine.Averaged);
        validationCriterion = engine.NewCriterion(training);
        stopping = new EarlyStopping(training.Patience);
        late = new LateFiles(hooks);
        pictures = new RunPictures(folder, task, model.ClassNames, columns, training.Plots, hooks);
        arguments = RunArguments.Of(model, source, options, plan, data, folder);
    }

    /// <summary>The model being trained. After the run it has its best weights.</summary>
    public YoloModel Model { get; }

    /// <summary>What the run has given so far.</summary>
    public TrainingRun Record => new()
    {
        Directory = folder.Path, Epochs = epochs.ToArray(), Options = arguments, Stage = plan.Names, Completed = ended,
    };

    /// <summary>The steps that the optimiser has made.</summary>
    internal long Updates => engine.Updates;

    /// <summary>Whether all epochs are done, or the run ended early.</summary>
    public bool Ended => ended;

    /// <summary>The measures of the best weights, taken at the end; null before, and without validation.</summary>
    public YoloMetrics? Metrics { get; private set; }

    /// <summary>Checks model, options and dataset, makes the run's folder and writes the starting state.</summary>
    /// <param name="model">The model; it is trained in place, on the device it is on.</param>
    /// <param name="options">What to train on and how.</param>
    /// <param name="hooks">Progress, warnings and messages; null for none.</param>
    /// <param name="cancellation">Stops the check of the dataset.</param>
    /// <exception cref="TrainingException">The run cannot start; nothing was written, unless writing itself failed.</exception>
    /// <exception cref="DatasetException">The dataset cannot be read.</exception>
    public static Trainer Start(YoloModel model, RunOptions options, TrainingHooks? hooks = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        hooks ??= new();
        options = RunChecks.Resolve(model, options, hooks);
        RunData data = RunData.Open(model, options, hooks, cancellation);
        Trainer? trainer = null;
        RunFolder? folder = null;
        try
        {
            IReadOnlyList<OptimizerChoice> choices = StagePlan.Choose(options, data.Batches.ImageCount, model.ClassCount);
            folder = RunFolder.Create(options.OutputPath);
            trainer = new(model, model.Source ?? model.Name, options, choices, hooks, data, folder);
            trainer.Begin();
            return trainer;
        }
        catch
        {
            // A trainer frees its data, and takes what its stage marked off the model.
            trainer?.Dispose();
            if (trainer is null) data.Dispose();
            if (trainer is null) folder?.Dispose();
            throw;
        }
    }

    /// <summary>Trains until the run has ended or is cancelled, and gives the model its best weights.</summary>
    /// <param name="cancellation">Stops after the current batch; the run can be resumed.</param>
    /// <returns>The run, also at <see cref="YoloModel.Run"/>; not <see cref="TrainingRun.Completed"/> when it was cancelled.</returns>
    /// <exception cref="TrainingException">The run cannot go on.</exception>
    public TrainingRun Run(CancellationToken cancellation = default)
    {
        try
        {
            while (!ended && !cancellation.IsCancellationRequested) NextEpoch(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            hooks.Message?.Invoke("The run was stopped.");
        }
        if (!ended)
        {
            hooks.Warning?.Invoke(
                $"The run stopped after {epochs.Count} of {training.Epochs} epochs. "
                + $"Resume-YoloTraining '{folder.Path}' goes on from there.");
        }
        return Finish(cancellation);
    }

    /// <summary>Trains and measures one epoch and writes everything down.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled: the epoch does not count.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public YoloEpoch NextEpoch(CancellationToken cancellation = default)
    {
        if (ended) throw new InvalidOperationException("The run has ended.");
        while (true)
        {
            try
            {
                YoloEpoch? epoch = TryEpoch(cancellation);
                if (epoch is not null) return epoch;
            }
            catch (Exception error) when (MemoryFailure.Is(error))
            {
                throw new TrainingException(
                    FormattableString.Invariant(
                        $"the memory does not suffice for batches of {training.BatchSize} images of {training.ImageSize} pixels."),
                    remedy: FormattableString.Invariant($"Lower -BatchSize (to {Math.Max(1, training.BatchSize / 2)}) or -ImageSize. ")
                        + FormattableString.Invariant($"The weights after {epochs.Count} epochs are in '{folder.Last}'."),
                    inner: error);
            }
            catch (DatasetException error)
            {
                throw new TrainingException(
                    FormattableString.Invariant($"a file of the dataset changed during epoch {epochs.Count + 1}. {error.Message}"),
                    remedy: $"Put it back, or take it out of the dataset; Resume-YoloTraining '{folder.Path}' repeats that epoch.",
                    inner: error);
            }
        }
    }

    /// <summary>Gives the model its best weights, measures them and draws the pictures.</summary>
    public TrainingRun Finish(CancellationToken cancellation = default)
    {
        pictures.DrawWaiting();
        if (RestoreFolder()) SaveCheckpoint(isBest: true);
        RunFolder.Guard(folder.Path, () => late.WriteLast(except: folder.Record));
        if (epochs.Count == 0) RestoreLast();
        else LoadBest();
        try
        {
            if (ended) Conclude(cancellation);
        }
        catch (OperationCanceledException)
        {
            hooks.Message?.Invoke("The last measurement was stopped; the weights are those of the best epoch all the same.");
        }
        LeaveStage();
        Model.Network.eval();
        TrainingRun run = Record;
        RunFolder.Guard(folder.Path, () => late.WriteLast(folder.Record, run.WriteRecord));
        Model.Run = run;
        return run;
    }

    /// <summary>Frees the run's parts; the model stays.</summary>
    public void Dispose()
    {
        LeaveStage();
        board?.Dispose();
        pictures.Dispose();
        validationCriterion.Dispose();
        DropFeatures();
        engine.Dispose();
        data.Dispose();
        folder.Dispose();
    }

    private void Begin()
    {
        RunFolder.Guard(folder.Path, () => ArgumentsFile.Write(folder.Arguments, arguments));
        pictures.Labels(data.Training);
        SaveCheckpoint(isBest: false);
        if (options.Stages.All(part => part.CloseMosaic is null) && training.ClosesMosaic(0) && training.Augmentation.Mosaic > 0)
        {
            hooks.Message?.Invoke(
                $"The run is no longer than -CloseMosaic {training.CloseMosaic}: all of it runs without mosaic. "
                + "Lower -CloseMosaic to have it.");
        }
        if (StepCount.Warning(plan, data.Batches.Count, data.Batches.ImageCount) is { } warning) hooks.Warning?.Invoke(warning);
        hooks.Message?.Invoke($"{training.Precision} on {Model.Device}, {data.Workers} data threads. The run's folder is '{folder.Path}'.");
        TellStage();
    }

    /// <summary>One epoch; null when it went wrong and is to be repeated from the last checkpoint.</summary>
    private YoloEpoch? TryEpoch(CancellationToken cancellation)
    {
        int index = epochs.Count;
        EnterStageOf(index);
        long started = Stopwatch.GetTimestamp();
        (IReadOnlyDictionary<string, double> losses, string? bad) = TrainEpoch(index, cancellation);
        double trainSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        bad ??= engine.FirstNonFiniteAverage();
        if (bad is not null)
        {
            Recover(index, bad);
            return null;
        }
        long trained = Stopwatch.GetTimestamp();
        engine.RefreshAveraged();
        bool last = index + 1 >= training.Epochs;
        YoloMetrics? metrics = data.Validation is null ? null : Validate(index, null, cancellation);
        double validationSeconds = Stopwatch.GetElapsedTime(trained).TotalSeconds;
        YoloEpoch epoch = new()
        {
            Epoch = index + 1,
            Stage = stage.Name,
            Seconds = (epochs.Count > 0 ? epochs[^1].Seconds : 0) + trainSeconds + validationSeconds,
            TrainSeconds = trainSeconds,
            ValidationSeconds = metrics is null ? null : validationSeconds,
            Losses = losses,
            Measures = metrics is null ? new Dictionary<string, double>() : metrics.Measures,
            ValidationLosses = metrics?.Losses ?? new Dictionary<string, double>(),
            LearningRates = engine.Groups.Select(group => group.LearningRate).ToArray(),
            ImagesPerSecond = data.Batches.ImageCount / trainSeconds,
        };
        epochs.Add(epoch);
        bool isBest = !(metrics?.Fitness < stopping.BestFitness);
        bool stop = stopping.Update(index + 1, metrics?.Fitness) && stage == plan.Stages[^1];
        if (stop && !last)
        {
            hooks.Message?.Invoke(
                $"The run ends early: {MeasureColumns.FitnessTitle(task.MeasureNames)} did not rise for {training.Patience} epochs; the best was epoch {stopping.BestEpoch}.");
        }
        ended = last || stop;
        recoveries = 0;
        Write(epoch, isBest);
        HostAllocator.Trim();
        return epoch;
    }

    private (IReadOnlyDictionary<string, double> Losses, string? Bad) TrainEpoch(int index, CancellationToken cancellation)
    {
        int count = data.Batches.Count, readEvery = engine.Device.type == DeviceType.CPU ? 1 : 10;
        Model.Network.train();
        engine.Criterion.SetFinishedEpochs(index);
        using torch.Tensor sums = torch.zeros([engine.Criterion.Names.Count], torch.float64, engine.Device).DetachFromDisposeScope();
        long started = Stopwatch.GetTimestamp();
        int batchIndex = 0, images = 0;
        long first = stage.FirstBatch(index, count);
        IReadOnlyDictionary<string, double> means = new Dictionary<string, double>();
        foreach (ImageBatch loaded in Batches(index, cancellation))
        {
            using ImageBatch owned = loaded;
            using DisposeScope scope = torch.NewDisposeScope();
            pictures.TrainingBatch(index, batchIndex, count, epoch => plan.At(epoch).ClosesMosaic(epoch), owned);
            ImageBatch batch = Scaled(engine.OnDevice(owned), index, batchIndex);
            long iteration = first + batchIndex;
            int accumulate = stage.Schedule.Apply(engine.Groups, index - stage.ScheduleStart, iteration);
            foreach (ParameterGroup group in engine.Groups) group.LearningRate *= learningRateFactor;
            accumulate = StepCount.Accumulate(stage.Training, accumulate, engine.Step.LastStep < first && batchIndex == count - 1);
            using (StepResult result = engine.Run(batch, iteration, accumulate)) sums.add_(result.Items);
            batchIndex++;
            images += (int)owned.Images.shape[0];
            if (batchIndex % readEvery == 0 || batchIndex == count)
            {
                means = Means(engine.Criterion.Names, sums, batchIndex);
                if (!means.Values.All(double.IsFinite)) return (means, BadTensor(batchIndex));
                Report(index, batchIndex, count, means, images / Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
            cancellation.ThrowIfCancellationRequested();
        }
        pictures.DrawWaiting();
        return (means, null);
    }

    private ImageBatch Scaled(ImageBatch batch, int epoch, int index)
    {
        double share = stage.Training.Augmentation.MultiScale;
        if (share == 0) return batch;
        int size = MultiScale.Draw(
            new RandomStream(training.Seed, "scale", epoch, index), training.ImageSize, share, Model.Stride);
        torch.Tensor scaled = MultiScale.Resize(batch.Images.to(torch.float32), size, Model.Stride);
        return batch with { Images = scaled.round().clamp(0, 255).to(torch.uint8) };
    }

    private YoloMetrics Validate(int index, Action<EvaluatedBatch>? observer, CancellationToken cancellation)
    {
        TrainingPhase phase = observer is null ? TrainingPhase.Validating : TrainingPhase.Finishing;
        return ValidationPass.Run(
            observer is null ? engine.Averaged.Network : Model.Network, Model, data, training, validationCriterion, engine, observer,
            new Relay<EvaluationProgress>(done => hooks.Progress?.Report(new(
                phase, index + 1, training.Epochs, done.Images, done.TotalImages ?? 0) { MAP = LastMeasured?.MAP, Measured = LastMeasured?.Headline ?? [], Stage = stage.Definition?.Name })),
            cancellation);
    }

    private void Report(int index, int batch, int count, IReadOnlyDictionary<string, double> means, double imagesPerSecond)
    {
        if (hooks.Progress is null) return;
        double perEpoch = epochs.Count > 0
            ? epochs.Average(epoch => (epoch.TrainSeconds ?? 0) + (epoch.ValidationSeconds ?? 0))
            : data.Batches.ImageCount / imagesPerSecond;
        double left = perEpoch * (training.Epochs - index - (batch / (double)count));
        hooks.Progress.Report(new(TrainingPhase.Training, index + 1, training.Epochs, batch, count)
        {
            Stage = stage.Definition?.Name,
            Losses = means,
            MAP = LastMeasured?.MAP,
            Measured = LastMeasured?.Headline ?? [],
            ImagesPerSecond = imagesPerSecond,
            Remaining = TimeSpan.FromSeconds(Math.Max(0, left)),
        });
    }

    private YoloEpoch? LastMeasured => epochs.LastOrDefault(epoch => epoch.Measures.Count > 0);

    private static Dictionary<string, double> Means(IReadOnlyList<string> names, torch.Tensor sums, int batches)
    {
        using torch.Tensor host = sums.cpu();
        return names.Zip(host.data<double>()).ToDictionary(entry => entry.First, entry => entry.Second / batches);
    }

    /// <summary>Hands reports on at once and on the same thread, which <see cref="Progress{T}"/> does not.</summary>
    private sealed class Relay<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
