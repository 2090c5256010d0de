using System.Globalization;
using System.Management.Automation;

namespace YoloTune.Commands.Base;

/// <summary>Shows how many things of how many are done; may be called on any thread.</summary>
internal sealed class CountProgressSink(CommandMessages messages, string activity, string things) : IProgress<(int Done, int Total)>
{
    private const int ActivityId = 7004;

    public void Report((int Done, int Total) value) => messages.Progress(
        new ProgressRecord(ActivityId, activity, string.Create(CultureInfo.InvariantCulture, $"{value.Done} of {value.Total} {things}"))
        {
            PercentComplete = value.Total > 0 ? (int)(100L * value.Done / value.Total) : -1,
            RecordType = value.Done >= value.Total ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        });
}
