namespace YoloTune.DatasetTools.Conversion;

/// <summary>Something of the annotations that is not in the converted dataset.</summary>
/// <param name="Reason">Why.</param>
/// <param name="File">The annotation file.</param>
/// <param name="Line">The line in it, from 1, or null when the whole file is meant.</param>
/// <param name="Detail">What it was, in words that name the offending value.</param>
public sealed record SkippedItem(SkipReason Reason, string File, int? Line, string Detail)
{
    /// <summary>"Crowd: file, line 3: detail".</summary>
    public override string ToString() =>
        Line is { } line ? FormattableString.Invariant($"{Reason}: {File}, line {line}: {Detail}") : $"{Reason}: {File}: {Detail}";
}
