using System.Globalization;
using System.Management.Automation;
using YoloTune.Evaluation;

namespace YoloTune.Commands.Base;

/// <summary>Shows the progress of a measurement; called on the worker thread.</summary>
internal sealed class EvaluationProgressSink(CommandMessages messages, string activity) : IProgress<EvaluationProgress>
{
    private const int ActivityId = 7001;

    public void Report(EvaluationProgress value)
    {
        string status = string.Create(CultureInfo.InvariantCulture, $"{value.Images} of {value.TotalImages} images");
        bool done = value.TotalImages is { } total && value.Images >= total;
        messages.Progress(new ProgressRecord(ActivityId, activity, status)
        {
            PercentComplete = value.TotalImages is > 0 ? (int)(100L * value.Images / value.TotalImages.Value) : -1,
            RecordType = done ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        });
    }
}
