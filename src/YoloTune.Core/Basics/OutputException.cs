namespace YoloTune.Basics;

/// <summary>An output that would replace what it must not replace.</summary>
public sealed class OutputException(string message, string file, string? remedy = null, bool isInput = false)
    : YoloTuneException(message, file, position: null, remedy)
{
    /// <summary>Whether the file is one that the command reads; then <c>-Force</c> does not help either.</summary>
    public bool IsInput { get; } = isInput;
}
