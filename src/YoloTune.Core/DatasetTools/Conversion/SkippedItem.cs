using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>Something of the annotations that is not in the converted dataset.</summary>
/// <param name="Reason">Why.</param>
/// <param name="File">The annotation file.</param>
/// <param name="Line">The line in it, from 1, or null when the whole file is meant.</param>
/// <param name="Detail">What it was, in words that name the offending value.</param>
public sealed record SkippedItem(SkipReason Reason, string File, int? Line, string Detail)
{
    /// <summary>A file that cannot be read, with the line that the error names.</summary>
    internal static SkippedItem Of(DatasetException error, string file)
    {
        bool hasLine = error.Position?.StartsWith("line ", StringComparison.Ordinal) == true;
        int? line = hasLine && int.TryParse(error.Position.AsSpan(5), CultureInfo.InvariantCulture, out int number) ? number : null;
        return new(SkipReason.FileUnreadable, error.File ?? file, line, $"'{Path.GetFileName(file)}': {error.Reason}");
    }

    /// <summary>"Crowd: file, line 3: detail".</summary>
    public override string ToString() =>
        Line is { } line ? FormattableString.Invariant($"{Reason}: {File}, line {line}: {Detail}") : $"{Reason}: {File}: {Detail}";
}
