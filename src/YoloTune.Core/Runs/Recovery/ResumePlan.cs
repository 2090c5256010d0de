using TorchSharp;
using YoloTune.Files.Ultralytics;
using YoloTune.Basics;
using YoloTune.Devices;
using YoloTune.Drawing;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Runs.Records;
using YoloTune.Runs.Recovery;
using YoloTune.Runs.Stages;
using YoloTune.Training;

namespace YoloTune.Runs;

public sealed partial class Trainer
{
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
            return Reopen(run, additionalEpochs, data, device, hooks, cancellation);
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    private static Trainer Reopen(
        RunFolder run, int additionalEpochs, string? data, string? device, TrainingHooks hooks, CancellationToken cancellation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (ResumeState state, IReadOnlyDictionary<string, torch.Tensor> tensors) = ResumeFile.Read(run, hooks.Warning);
        // A run that was killed after its last epoch still lacks its last measurement, pictures and record.
        bool toFinish = state.Completed && additionalEpochs == 0;
        bool isRecorded = TrainingRun.IsRecordedAsCompleted(run.Path, hooks.Warning);
        if (toFinish && isRecorded)
        {
            throw new TrainingException(
                FormattableString.Invariant($"the run has ended after {state.Epochs.Count} epochs."), run.Path,
                remedy: "Give -AdditionalEpochs to train it further.");
        }
        int planned = state.Completed ? state.Epochs.Count : state.Options.Training.Epochs;
        RunOptions options = state.Options with
        {
            Data = data is null ? state.Options.Data : Path.GetFullPath(data),
            Training = state.Options.Training with { Epochs = planned + additionalEpochs },
            Stages = Lengthen(state.Options.Stages, planned + additionalEpochs),
        };
        if (!Path.Exists(options.Data))
        {
            throw new TrainingException(
                "the dataset of the run is no longer there.", options.Data, remedy: "Put it back, or say with -Data where it is now.");
        }
        if (options.ReplayData is { } replay && !Path.Exists(replay))
            throw new TrainingException("the dataset that the run replays is no longer there.", replay, remedy: "Put it back.");
        device = DeviceOf(run, state, device);
        if (options.Training.Precision == Precision.Float16 && YoloDevice.Parse(device).type == DeviceType.CPU)
        {
            options = options with { Training = options.Training with { Precision = Precision.Float32 } };
            hooks.Warning?.Invoke("The run was in float16, which needs a CUDA device: it goes on in float32.");
        }
        AtomicFile.RemoveLeftovers(run.Path);
        YoloModel model = ReadModel(run, state, device, hooks.Warning);
        RunData images = RunData.Open(model, options, hooks, cancellation);
        Trainer trainer = new(model, SourceOf(run, state) ?? model.Name, options, state.Choices, hooks, images, run);
        trainer.TakeUp(state, tensors);
        trainer.ended = toFinish;
        // Whoever asks for more epochs wants them: the wait for an improvement starts anew.
        if (additionalEpochs > 0 && state.Completed) trainer.stopping.Restore(state.BestFitness, state.Epochs.Count);
        RunFolder.Guard(run.Path, () =>
        {
            trainer.late.Write(run.Arguments, () => ArgumentsFile.Write(run.Arguments, trainer.arguments));
            trainer.WriteResults();
        });
        hooks.Message?.Invoke(toFinish
            ? "All epochs are done; the best weights are measured."
            : FormattableString.Invariant($"The run goes on after epoch {trainer.epochs.Count} of {options.Training.Epochs}."));
        return trainer;
    }

    /// <summary>The device to train on, which this machine has.</summary>
    private static string DeviceOf(RunFolder run, ResumeState state, string? wanted)
    {
        if (wanted is not null) _ = YoloDevice.Parse(wanted);
        if (wanted is not null) return wanted;
        try
        {
            _ = YoloDevice.Parse(state.Device);
            return state.Device;
        }
        catch (SelectionException error)
        {
            throw new TrainingException(
                $"the run was on the device '{state.Device}'. {error.Message}", run.Path,
                remedy: "To go on elsewhere, say where with -Device, for example -Device cpu.", inner: error);
        }
    }

    private static YoloModel ReadModel(RunFolder run, ResumeState state, string device, Action<string>? warn)
    {
        // The best do where the last are damaged: every value is replaced by those of the checkpoint in the end.
        YoloModel model = RunWeights.Read(run.Last, run.Best, warn);
        if (device != model.Device) model.MoveTo(device);
        state.Tuning.Apply(model);
        return model;
    }

    /// <summary>What the model came from when the run began; a run of an earlier version has it in its arguments only.</summary>
    private static string? SourceOf(RunFolder run, ResumeState state)
    {
        if (state.Source is not null || !File.Exists(run.Arguments)) return state.Source;
        try
        {
            return ArgumentsFile.Read(run.Arguments).GetValueOrDefault("model") as string;
        }
        catch (TrainingException)
        {
            // It is written again in a moment.
            return null;
        }
    }

    /// <summary>The stages with a last one that ends with the run.</summary>
    private static IReadOnlyList<YoloStage> Lengthen(IReadOnlyList<YoloStage> stages, int epochs) => stages.Count == 0
        ? stages
        : [.. stages.SkipLast(1), stages[^1] with { Epochs = epochs - stages.SkipLast(1).Sum(stage => stage.Epochs) }];

    private void TakeUp(ResumeState state, IReadOnlyDictionary<string, torch.Tensor> tensors)
    {
        epochs.Clear();
        epochs.AddRange(state.Epochs);
        // The checkpoint is of the stage of the last epoch done; the next epoch goes over to its own.
        PlannedStage saved = plan.At(Math.Max(0, epochs.Count - 1));
        if (saved != stage) Enter(saved);
        engine.Restore(tensors, state);
        // The frozen layers were made anew from the weights that were read.
        DropFeatures();
        stopping.Restore(state.BestFitness, state.BestEpoch);
        learningRateFactor = state.LearningRateFactor;
    }

    private void Write(YoloEpoch epoch, bool isBest)
    {
        RestoreFolder();
        // Where the best weights so far are gone, those at hand are the best there are.
        SaveCheckpoint(isBest || !File.Exists(folder.Best));
        RunFolder.Guard(folder.Path, () =>
        {
            WriteResults();
            // It is completed when the best weights are measured: see Finish.
            late.Write(folder.Record, () => (Record with { Completed = false }).WriteRecord());
            forBoard.Enqueue(epoch);
            late.Write(board?.FilePath ?? folder.Path, WriteBoard);
        });
        pictures.Results(epochs);
    }

    private void WriteResults() =>
        late.Write(folder.Results, () => ResultsTable.Write(folder.Results, epochs, columns, options.Stages.Count > 0));

    private void WriteBoard()
    {
        board ??= new TensorBoardWriter(folder.Path);
        while (forBoard.TryPeek(out YoloEpoch? next))
        {
            board.AddScalars(ResultsTable.Values(next), next.Epoch);
            forBoard.Dequeue();
        }
        board.Flush();
    }

    /// <summary>Makes the run's folder anew where somebody removed it; all that it takes to go on is in memory. True where that was so.</summary>
    private bool RestoreFolder()
    {
        if (!folder.Restore()) return false;
        hooks.Warning?.Invoke(
            $"The run's folder '{folder.Path}' was removed. It is made anew; checkpoints of earlier epochs and pictures are lost with it.");
        board?.Dispose();
        board = null;
        RunFolder.Guard(folder.Path, () =>
        {
            ArgumentsFile.Write(folder.Arguments, arguments);
            WriteResults();
        });
        return true;
    }

    private void SaveCheckpoint(bool isBest)
    {
        engine.RefreshAveraged();
        engine.Averaged.StoredArguments = arguments;
        RunFolder.Guard(folder.Weights, () =>
        {
            bool written = late.Write(folder.Last, () => UltralyticsFile.Write(engine.Averaged, folder.Last, half: false));
            if (isBest) Put(folder.Best);
            if (training.SavePeriod > 0 && epochs.Count > 0 && epochs.Count % training.SavePeriod == 0) Put(folder.Epoch(epochs.Count));

            void Put(string path)
            {
                if (written) AtomicFile.Copy(folder.Last, path);
                else UltralyticsFile.Write(engine.Averaged, path, half: false);
            }
        });
        using DisposeScope scope = torch.NewDisposeScope();
        ResumeFile.Write(folder, State(), engine.State(), late);
    }

    private ResumeState State() => new()
    {
        Options = options,
        Choices = plan.Choices,
        Device = Model.Device,
        Source = source,
        Epochs = [.. epochs],
        Tuning = tuning,
        Momentum = [.. engine.Groups.Select(group => group.Momentum)],
        Updates = engine.Updates,
        LastStep = engine.Step.LastStep,
        LearningRateFactor = learningRateFactor,
        LossScale = engine.Step.Scaler?.Scale,
        GoodSteps = engine.Step.Scaler?.GoodSteps ?? 0,
        BestFitness = stopping.BestFitness,
        BestEpoch = stopping.BestEpoch,
        Completed = ended,
    };

    /// <summary>
    /// Goes back to the last checkpoint with half the learning rate: the same batches at the same rate would end the same way.
    /// </summary>
    private void Recover(int index, string bad)
    {
        double factor = learningRateFactor * RecoveryFactor;
        if (++recoveries > MostRecoveries)
        {
            RestoreLast();
            throw new TrainingException(
                FormattableString.Invariant($"epoch {index + 1} gave numbers that are not finite {MostRecoveries + 1} times over."),
                position: bad,
                remedy: "Lower -LearningRate, or train with -Precision Float32. The last good checkpoint is in the run's folder.");
        }
        RestoreLast();
        learningRateFactor = factor;
        string rate = FormattableString.Invariant($"the learning rate times {factor:g3}");
        hooks.Warning?.Invoke(
            $"Epoch {index + 1} gave numbers that are not finite, first in {bad}. It is repeated from the last checkpoint with {rate}.");
    }

    private void RestoreLast()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (ResumeState state, IReadOnlyDictionary<string, torch.Tensor> tensors) = ResumeFile.Read(folder, hooks.Warning);
        TakeUp(state, tensors);
    }

    private string BadTensor(int batch) =>
        engine.Step.FirstNonFinite() is { } name ? "tensor " + name : FormattableString.Invariant($"the loss of batch {batch}");

    private void LoadBest()
    {
        using YoloModel best = RunWeights.Read(folder.Best, folder.Last, hooks.Warning);
        TrainingEngine.Copy(best.Items.Select(item => (item.Name, item.Tensor)), Model);
    }

    private void Conclude(CancellationToken cancellation)
    {
        pictures.Results(epochs);
        if (data.Validation is null) return;
        Model.Network.eval();
        Metrics = Validate(epochs.Count - 1, pictures.ValidationBatch, cancellation);
        pictures.Measures(Metrics);
    }
}
