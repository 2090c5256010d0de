using System.Globalization;
using System.Management.Automation;
using YoloTune.Runs;

namespace YoloTune.Commands.Base;

/// <summary>Shows how far a learning-rate sweep is; called on the worker thread.</summary>
internal sealed class SweepProgressSink(CommandMessages messages, string activity) : IProgress<TrainingProgress>
{
    private const int ActivityId = 7005;

    public void Report(TrainingProgress value)
    {
        bool preparing = value.Phase == TrainingPhase.Preparing;
        string status = preparing
            ? "reading the dataset"
            : string.Create(CultureInfo.InvariantCulture, $"step {value.Batch} of {value.Batches}");
        messages.Progress(new ProgressRecord(ActivityId, activity, status)
        {
            PercentComplete = preparing ? -1 : 100 * value.Batch / value.Batches,
            RecordType = !preparing && value.Batch == value.Batches ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        });
    }
}
