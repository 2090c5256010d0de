using TorchSharp;
using YoloTune.Basics;
using YoloTune.Devices;
using YoloTune.Models;
using YoloTune.Runs.Records;
using YoloTune.Runs.Stages;

namespace YoloTune.Runs.Recovery;

/// <summary>
/// What a run goes on from and with: its checkpoint, its model on a device that is there, its options with what the user changed.
/// </summary>
/// <param name="State">The checkpoint's state.</param>
/// <param name="Tensors">The checkpoint's tensors; they belong to the caller's dispose scope.</param>
/// <param name="Options">The options, paths and epochs brought up to date.</param>
/// <param name="Model">The model; its values are still to be replaced by the checkpoint's.</param>
/// <param name="Source">The file or architecture that the model came from; null where no record says.</param>
/// <param name="OnlyToFinish">All epochs are done, and only the last measurement, the pictures and the record are missing.</param>
internal sealed record ResumePlan(
    ResumeState State, IReadOnlyDictionary<string, torch.Tensor> Tensors, RunOptions Options, YoloModel Model, string? Source,
    bool OnlyToFinish)
{
    /// <summary>Reads a run's folder and checks that the run can go on here.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="additionalEpochs">Epochs beyond those planned.</param>
    /// <param name="data">The dataset, when it was moved; null takes the run's own.</param>
    /// <param name="device">Where to train; null takes the run's own device.</param>
    /// <param name="hooks">Warnings.</param>
    /// <exception cref="TrainingException">There is nothing to resume, or something the run needs is missing.</exception>
    public static ResumePlan Of(RunFolder run, int additionalEpochs, string? data, string? device, TrainingHooks hooks)
    {
        (ResumeState state, IReadOnlyDictionary<string, torch.Tensor> tensors) = ResumeFile.Read(run, hooks.Warning);
        // A run that was killed after its last epoch still lacks its last measurement, pictures and record.
        bool onlyToFinish = state.Completed && additionalEpochs == 0;
        bool isRecorded = TrainingRun.IsRecordedAsCompleted(run.Path, hooks.Warning);
        if (onlyToFinish && isRecorded)
        {
            throw new TrainingException(
                FormattableString.Invariant($"the run has ended after {Counted.Of(state.Epochs.Count, "epoch")}."), run.Path,
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
                "the dataset of the run is no longer there.", options.Data, remedy: "Put it back, or give its new place with -Data.");
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
        return new(state, tensors, options, ReadModel(run, state, device, hooks.Warning), SourceOf(run, state), onlyToFinish);
    }

    /// <summary>The device to train on, which this machine has.</summary>
    private static string DeviceOf(RunFolder run, ResumeState state, string? wanted)
    {
        if (wanted is not null)
        {
            _ = YoloDevice.Parse(wanted);
            return wanted;
        }
        try
        {
            _ = YoloDevice.Parse(state.Device);
            return state.Device;
        }
        catch (SelectionException error)
        {
            throw new TrainingException(
                $"the run was on the device '{state.Device}'. {error.Message}", run.Path,
                remedy: "To go on elsewhere, name the device with -Device, for example -Device cpu.", inner: error);
        }
    }

    private static YoloModel ReadModel(RunFolder run, ResumeState state, string device, Action<string>? warn)
    {
        // The best weights serve where the last are damaged: the checkpoint's values replace every one of them anyway.
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
            // The file is written again when the run goes on.
            return null;
        }
    }

    /// <summary>The stages with a last one that ends with the run.</summary>
    private static IReadOnlyList<YoloStage> Lengthen(IReadOnlyList<YoloStage> stages, int epochs) => stages.Count == 0
        ? stages
        : [.. stages.SkipLast(1), stages[^1] with { Epochs = epochs - stages.SkipLast(1).Sum(stage => stage.Epochs) }];
}
