namespace YoloTune.Shell;

/// <summary>How the editing of a line ended.</summary>
internal enum LineOutcome
{
    Entered,

    /// <summary>Ctrl+C.</summary>
    Cancelled,

    /// <summary>Ctrl+D on an empty line, or the input's end.</summary>
    EndOfInput,
}
