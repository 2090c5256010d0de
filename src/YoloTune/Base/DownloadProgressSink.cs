using System.Globalization;
using System.Management.Automation;
using YoloTune.Downloads;

namespace YoloTune.Commands.Base;

/// <summary>Shows the progress of a download; called on the worker thread.</summary>
internal sealed class DownloadProgressSink(CommandMessages messages) : IProgress<DownloadProgress>
{
    private const int ActivityId = 7010;
    private const double Megabyte = 1e6;

    public void Report(DownloadProgress value) => messages.Progress(new ProgressRecord(ActivityId, "Downloading weights", Status(value))
    {
        PercentComplete = value.TotalBytes is > 0 and { } total ? (int)Math.Min(100, 100 * value.Bytes / total) : -1,
        SecondsRemaining = value.Remaining is { } left && left.TotalSeconds < int.MaxValue ? (int)left.TotalSeconds : -1,
    });

    /// <summary>Takes the bar away.</summary>
    public void Complete() =>
        messages.Progress(new ProgressRecord(ActivityId, "Downloading weights", "done") { RecordType = ProgressRecordType.Completed });

    private static string Status(DownloadProgress value)
    {
        string total = value.TotalBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $" of {bytes / Megabyte:0.0}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{value.File}: {value.Bytes / Megabyte:0.0}{total} MB, {value.BytesPerSecond / Megabyte:0.00} MB/s");
    }
}
