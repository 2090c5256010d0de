namespace YoloTune.Data;

/// <summary>A key of a description that is not read.</summary>
/// <param name="Name">The key as written.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Meant">The key that is probably meant.</param>
internal sealed record UnreadKey(string Name, int Line, string Meant)
{
    /// <summary>What to do about it.</summary>
    public string Remedy => FormattableString.Invariant($"The key '{Name}' in line {Line} is not read: call it '{Meant}'.");
}
