namespace YoloTune.Downloads;

/// <summary>How far a download is.</summary>
/// <param name="File">The name of the file.</param>
/// <param name="Bytes">The bytes that are here, those of an earlier attempt included.</param>
/// <param name="TotalBytes">The bytes of the whole file, or null where the server does not say.</param>
/// <param name="BytesPerSecond">What came in the last seconds.</param>
public sealed record DownloadProgress(string File, long Bytes, long? TotalBytes, double BytesPerSecond)
{
    /// <summary>The time left at this rate, or null where it cannot be told.</summary>
    public TimeSpan? Remaining =>
        TotalBytes is { } total && BytesPerSecond > 0 ? TimeSpan.FromSeconds((total - Bytes) / BytesPerSecond) : null;
}
