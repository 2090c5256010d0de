namespace YoloTune.Shell;

/// <summary>How a pipeline ended.</summary>
internal enum RunResult
{
    /// <summary>It ran to its end; single statements may have failed.</summary>
    Completed,

    /// <summary>A terminating error ended it.</summary>
    Failed,

    /// <summary>Ctrl+C ended it.</summary>
    Stopped,
}
