using YoloTune.Basics;

namespace YoloTune.Downloads;

/// <summary>A download that failed; <see cref="Failure"/> says how.</summary>
/// <param name="failure">What went wrong.</param>
/// <param name="message">The same in one sentence.</param>
/// <param name="file">The file that was to be written, or null.</param>
/// <param name="remedy">What the user can do.</param>
/// <param name="inner">The cause.</param>
public sealed class DownloadException(
    DownloadFailure failure, string message, string? file = null, string? remedy = null, Exception? inner = null)
    : YoloTuneException(message, file, null, remedy, inner)
{
    /// <summary>What went wrong.</summary>
    public DownloadFailure Failure { get; } = failure;
}
