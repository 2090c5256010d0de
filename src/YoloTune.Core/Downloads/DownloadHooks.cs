namespace YoloTune.Downloads;

/// <summary>What a download tells while it runs.</summary>
public sealed record DownloadHooks
{
    /// <summary>How far it is.</summary>
    public IProgress<DownloadProgress>? Progress { get; init; }

    /// <summary>What happens, for those who want to know: repetitions, going on with a part.</summary>
    public Action<string> Message { get; init; } = _ => { };

    /// <summary>What the user should know: no checksum could be had.</summary>
    public Action<string> Warning { get; init; } = _ => { };
}
