using System.Diagnostics;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Devices;
using YoloTune.Evaluation;
using YoloTune.Models;
using YoloTune.Runs.Records;
using YoloTune.Runs.Recovery;
using YoloTune.Runs.Reports;
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
    private readonly string source;
    private readonly RunOptions options;
    private readonly TrainingOptions training;
    private readonly TrainingHooks hooks;
    private readonly RunData data;
    private readonly RunFolder folder;
    private readonly TrainingEngine engine;
    private readonly StagePlan plan;
    private readonly StageSwitch stages;
    private readonly EarlyStopping stopping;
    private readonly RunPictures pictures;
    private readonly RunRecorder recorder;
    private readonly StageFeatures features;
    private readonly EpochTraining epochTraining;
    private readonly ICriterion validationCriterion;
    private readonly List<YoloEpoch> epochs = [];
    private readonly IReadOnlyDictionary<string, object?> arguments;
    private readonly YoloTask task;
    private readonly RunReporter reporter;
    private double learningRateFactor = 1;
    private int recoveries;

    private Trainer(
        YoloModel model, string source, RunOptions options, IReadOnlyList<OptimizerChoice> choices, TrainingHooks hooks, RunData data,
        RunFolder folder)
    {
        (Model, this.source, this.options, this.hooks, this.data, this.folder) = (model, source, options, hooks, data, folder);
        task = YoloTask.ToTrain(model.Task, model.Name);
        training = options.Training;
        int batchSize = data.Batches.BatchSize;
        plan = StagePlan.Create(options, choices, data.Batches.Count, batchSize);
        stages = new StageSwitch(model, plan);
        engine = new TrainingEngine(model, stages.Stage, batchSize);
        // Checkpoints carry what the model was marked with, not what a stage made of it.
        stages.Start.Apply(engine.Averaged);
        validationCriterion = engine.NewCriterion(training);
        stopping = new EarlyStopping(training.Patience);
        IReadOnlyList<string> losses = task.LossNamesOf(model.Network), columns = ResultsTable.Columns(losses, task.MeasureNames);
        pictures = new RunPictures(folder, task, model.ClassNames, columns, training.Plots, hooks);
        arguments = RunArguments.Of(model, source, options, plan, data, folder);
        recorder = new RunRecorder(folder, options, arguments, epochs, columns, hooks);
        features = new StageFeatures(options, engine, data, folder, hooks);
        epochTraining = new EpochTraining(model, plan, engine, data, features, pictures);
        EpochTable table = new(training.Epochs, losses, data.Validation is null ? [] : task.MeasureNames);
        reporter = new RunReporter(hooks, training.Epochs, task, data, epochs, stages, table);
    }

    /// <summary>The model being trained. After the run it has its best weights.</summary>
    public YoloModel Model { get; }

    /// <summary>What the run has given so far.</summary>
    public TrainingRun Record => new()
    {
        Directory = folder.Path, Epochs = epochs.ToArray(), Options = arguments, Stage = plan.Names, Completed = Ended,
    };

    /// <summary>The steps that the optimiser has made.</summary>
    internal long Updates => engine.Updates;

    /// <summary>Whether all epochs are done, or the run ended early.</summary>
    public bool Ended { get; private set; }

    /// <summary>The measures of the best weights, taken at the end; null before, and without validation.</summary>
    public YoloMetrics? Metrics { get; private set; }

    /// <summary>
    /// Checks model and options as <see cref="Start"/> does, and reads and writes nothing: for those who first say what they would do.
    /// </summary>
    /// <param name="model">The model; it stays as it is.</param>
    /// <param name="options">What to train on and how.</param>
    /// <param name="device">Where the run is to be, such as <c>cuda:0</c>; null for where the model is.</param>
    /// <exception cref="TrainingException">Model or options do not allow a run.</exception>
    public static void Check(YoloModel model, RunOptions options, string? device = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        RunChecks.Resolve(model, PresetChoice.Named(options), new(), device is null ? null : YoloDevice.Parse(device));
    }

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
        options = RunChecks.Resolve(model, PresetChoice.Named(options), hooks);
        RunData data = RunData.Open(model, options, hooks, cancellation);
        Trainer? trainer = null;
        RunFolder? folder = null;
        try
        {
            options = PresetChoice.Automatic(model, options, data.Batches.Count, hooks);
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

    /// <summary>Goes on with a run from its folder.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="additionalEpochs">Epochs to do beyond those planned.</param>
    /// <param name="data">The dataset, when it is no longer where it was; null takes the run's own.</param>
    /// <param name="device">Where to train, "cuda:0"; null takes the run's own device.</param>
    /// <param name="hooks">Progress, warnings and messages; null for none.</param>
    /// <param name="cancellation">Stops the check of the dataset.</param>
    /// <exception cref="TrainingException">There is nothing to resume, or the dataset has moved.</exception>
    public static Trainer Resume(
        string folder, int additionalEpochs = 0, string? data = null, string? device = null, TrainingHooks? hooks = null,
        CancellationToken cancellation = default)
    {
        if (additionalEpochs < 0)
        {
            throw new TrainingException(
                FormattableString.Invariant($"{additionalEpochs} additional epochs cannot be done."), remedy: "Give 0 or more.");
        }
        hooks ??= new();
        RunFolder run = RunFolder.Open(folder);
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            ResumePlan resume = ResumePlan.Of(run, additionalEpochs, data, device, hooks);
            RunData images = RunData.Open(resume.Model, resume.Options, hooks, cancellation);
            Trainer trainer = new(
                resume.Model, resume.Source ?? resume.Model.Name, resume.Options, resume.State.Choices, hooks, images, run);
            trainer.GoOn(resume, additionalEpochs);
            return trainer;
        }
        catch
        {
            run.Dispose();
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
            while (!Ended && !cancellation.IsCancellationRequested) NextEpoch(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            hooks.Message?.Invoke("The run was stopped.");
        }
        if (!Ended)
        {
            hooks.Warning?.Invoke(
                $"The run stopped after {epochs.Count} of {Counted.Of(training.Epochs, "epoch")}. "
                + $"Resume-YoloTraining '{folder.Path}' goes on from there.");
        }
        return Finish(cancellation);
    }

    /// <summary>Trains and measures one epoch and writes everything down.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled: the epoch does not count.</exception>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public YoloEpoch NextEpoch(CancellationToken cancellation = default)
    {
        if (Ended) throw new InvalidOperationException("The run has ended.");
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
                    FormattableString.Invariant($"there is not enough memory for batches of {Counted.Of(training.BatchSize, "image")} ")
                        + FormattableString.Invariant($"of {training.ImageSize} pixels."),
                    remedy: FormattableString.Invariant($"Lower -BatchSize (to {Math.Max(1, training.BatchSize / 2)}) or -ImageSize. ")
                        + FormattableString.Invariant($"The weights after {Counted.Of(epochs.Count, "epoch")} are in '{folder.Last}'."),
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
        if (recorder.RestoreFolder()) SaveCheckpoint(isBest: true);
        recorder.WriteLate();
        if (epochs.Count == 0) RestoreLast();
        else LoadBest();
        try
        {
            if (Ended) Conclude(cancellation);
        }
        catch (OperationCanceledException)
        {
            hooks.Message?.Invoke("The last measurement was stopped; the weights are those of the best epoch all the same.");
        }
        LeaveStage();
        Model.Network.eval();
        TrainingRun run = Record;
        recorder.WriteLast(run);
        Model.Run = run;
        return run;
    }

    /// <summary>Frees the run's parts; the model stays.</summary>
    public void Dispose()
    {
        LeaveStage();
        recorder.Dispose();
        pictures.Dispose();
        validationCriterion.Dispose();
        features.Dispose();
        engine.Dispose();
        data.Dispose();
        folder.Dispose();
    }

    private void Begin()
    {
        recorder.Begin();
        pictures.Labels(data.Training);
        SaveCheckpoint(isBest: false);
        if (options.Stages.All(part => part.CloseMosaic is null) && training.ClosesMosaic(0) && training.Augmentation.Mosaic > 0
            && task.PredictsObjects)
        {
            hooks.Message?.Invoke(
                $"The run is no longer than -CloseMosaic {training.CloseMosaic}: all of it runs without mosaic. "
                + "Lower -CloseMosaic to use it.");
        }
        if (StepCount.Warning(plan, data.Batches.Count, data.Batches.ImageCount) is { } warning) hooks.Warning?.Invoke(warning);
        hooks.Line?.Invoke($"The run goes to '{folder.Path}'.");
        hooks.Line?.Invoke(FormattableString.Invariant(
            $"{Counted.Of(training.Epochs, "epoch")} of {Counted.Of(data.Batches.Count, "batch")} on ")
            + FormattableString.Invariant($"{Counted.Of(data.Batches.ImageCount, "image")} ")
            + FormattableString.Invariant($"of {training.ImageSize} pixels, {training.Precision} on {Model.Device}."));
        hooks.Message?.Invoke($"{training.Precision} on {Model.Device}, {data.Workers} data threads.");
        reporter.Entered();
        hooks.Message?.Invoke(stages.Describe(data.Batches.Count));
    }

    private void GoOn(ResumePlan resume, int additionalEpochs)
    {
        Restore(resume.State, resume.Tensors);
        Ended = resume.OnlyToFinish;
        // Additional epochs are wanted in any case: the wait for an improvement starts again with them.
        if (additionalEpochs > 0 && resume.State.Completed) stopping.Restore(resume.State.BestFitness, resume.State.Epochs.Count);
        recorder.GoOn();
        hooks.Line?.Invoke(resume.OnlyToFinish
            ? "All epochs are done; the best weights are measured."
            : FormattableString.Invariant($"The run goes on after epoch {epochs.Count} of {training.Epochs}, in '{folder.Path}'."));
    }

    /// <summary>One epoch; null when it went wrong and is to be repeated from the last checkpoint.</summary>
    private YoloEpoch? TryEpoch(CancellationToken cancellation)
    {
        int index = epochs.Count;
        EnterStageOf(index);
        long started = Stopwatch.GetTimestamp();
        (IReadOnlyDictionary<string, double> losses, string? bad) = epochTraining.Run(
            index, learningRateFactor * Familiarity.RateFactor(stages.Stage, epochs),
                (done, means, rate) => reporter.Training(index, done, means, rate), cancellation);
        double trainSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
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
            Stage = stages.Stage.Name,
            Seconds = (epochs.Count > 0 ? epochs[^1].Seconds : 0) + trainSeconds + validationSeconds,
            TrainSeconds = trainSeconds,
            ValidationSeconds = metrics is null ? null : validationSeconds,
            Losses = losses,
            Fitness = metrics?.Fitness,
            Measures = metrics is null ? new Dictionary<string, double>() : metrics.Measures,
            ValidationLosses = metrics?.Losses ?? new Dictionary<string, double>(),
            LearningRates = engine.Groups.Select(group => group.LearningRate).ToArray(),
            ImagesPerSecond = data.Batches.ImageCount / trainSeconds,
        };
        epochs.Add(epoch);
        bool isBest = !(metrics?.Fitness < stopping.BestFitness);
        bool stop = stopping.Update(index + 1, metrics?.Fitness) && stages.IsLast;
        Ended = last || stop;
        recoveries = 0;
        if (recorder.RestoreFolder()) isBest = true;
        SaveCheckpoint(isBest);
        recorder.Write(() => Record);
        reporter.Finished(epoch, isBest && metrics?.Fitness > 0);
        if (stop && !last)
        {
            hooks.Line?.Invoke(
                $"The run ends early: {task.FitnessName} has not risen for {Counted.Of(training.Patience, "epoch")}; "
                + $"the best was epoch {stopping.BestEpoch}.");
        }
        pictures.Results(epochs);
        HostAllocator.Trim();
        return epoch;
    }

    private void EnterStageOf(int epoch)
    {
        if (!Enter(epoch)) return;
        // The wait for an improvement belongs to the last stage and starts with it.
        if (stages.IsLast) stopping.Restore(stopping.BestFitness, epoch);
        reporter.Entered();
        hooks.Message?.Invoke(stages.Describe(data.Batches.Count));
        if (Familiarity.Describe(stages.Stage, epochs, task.FitnessName) is { } rates) hooks.Message?.Invoke(rates);
    }

    private bool Enter(int epoch)
    {
        if (!stages.Enter(epoch)) return false;
        features.Drop();
        engine.Enter(stages.Stage, stages.Stage.FirstBatch(epochs.Count, data.Batches.Count));
        return true;
    }

    private void LeaveStage()
    {
        if (stages.Leave()) engine.RestoreLayout();
    }

    private void Conclude(CancellationToken cancellation)
    {
        pictures.Results(epochs);
        if (data.Validation is not null)
        {
            Model.Network.eval();
            Metrics = Validate(epochs.Count - 1, pictures.ValidationBatch, cancellation);
            pictures.Measures(Metrics);
        }
        pictures.Report(() => new ReportContent
        {
            Title = $"{Record.Name}: {Model}",
            Run = Record,
            Metrics = Metrics,
            Splits = data.Validation is null ? [data.Training] : [data.Training, data.Validation],
            Data = options.Data,
            Lines = task.LinesOf,
        });
    }

    private YoloMetrics Validate(int index, Action<EvaluatedBatch>? observer, CancellationToken cancellation)
    {
        TrainingPhase phase = observer is null ? TrainingPhase.Validating : TrainingPhase.Finishing;
        return ValidationPass.Run(
            observer is null ? engine.Averaged.Network : Model.Network, Model, data, training, validationCriterion, engine, observer,
            reporter.Measuring(phase, index), cancellation);
    }
}
