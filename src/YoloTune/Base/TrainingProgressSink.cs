using System.Globalization;
using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Runs;

namespace YoloTune.Commands.Base;

/// <summary>Shows a training run as two bars: one for the run, one for the epoch. Called on the worker thread.</summary>
internal sealed class TrainingProgressSink(CommandMessages messages, string activity) : IProgress<TrainingProgress>
{
    private const int RunId = 7003;
    private const int EpochId = 7004;

    public void Report(TrainingProgress value)
    {
        messages.Progress(new ProgressRecord(RunId, activity, RunStatus(value))
        {
            PercentComplete = Percent((value.Epoch - 1) + Share(value), value.Epochs),
        });
        messages.Progress(new ProgressRecord(EpochId, Describe(value.Phase), Status(value))
        {
            ParentActivityId = RunId,
            PercentComplete = Percent(value.Batch, value.Batches),
        });
    }

    /// <summary>The shortest first: a narrow terminal cuts the end off. PowerShell itself would give the time left in seconds
    /// only.</summary>
    internal static string RunStatus(TrainingProgress value) => string.Concat(
    [
        string.Create(CultureInfo.InvariantCulture, $"epoch {value.Epoch} of {value.Epochs}"),
        value.Remaining is { } left ? $", {Durations.Short(left.TotalSeconds)} left" : "",
        value.BestFitness is { } best
            ? string.Create(CultureInfo.InvariantCulture, $", best {best:0.000} (epoch {value.BestEpoch})") : "",
        value.Stage is { } stage ? $", {stage}" : "",
    ]);

    /// <summary>Takes the bars away.</summary>
    public void Complete()
    {
        messages.Progress(
            new ProgressRecord(EpochId, "Epoch", "done") { ParentActivityId = RunId, RecordType = ProgressRecordType.Completed });
        messages.Progress(new ProgressRecord(RunId, activity, "done") { RecordType = ProgressRecordType.Completed });
    }

    private static string Describe(TrainingPhase phase) => phase switch
    {
        TrainingPhase.Preparing => "Reading the dataset",
        TrainingPhase.Training => "Training",
        TrainingPhase.Validating => "Measuring",
        _ => "Measuring the best weights",
    };

    private static string Status(TrainingProgress value) => value.Phase == TrainingPhase.Training
        ? string.Create(CultureInfo.InvariantCulture,
            $"batch {value.Batch} of {value.Batches}, {Losses(value)}{value.ImagesPerSecond:0} images/s")
        : string.Create(CultureInfo.InvariantCulture, $"{value.Batch} of {value.Batches}");

    private static string Losses(TrainingProgress value) =>
        string.Concat(value.Losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Key} {loss.Value:0.000}, ")));

    private static double Share(TrainingProgress value) =>
        value.Phase != TrainingPhase.Training ? 1 : value.Batches > 0 ? (double)value.Batch / value.Batches : 0;

    private static int Percent(double done, double all) => all > 0 ? (int)Math.Clamp(100 * done / all, 0, 100) : -1;
}
