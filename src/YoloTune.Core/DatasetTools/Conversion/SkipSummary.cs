using YoloTune.Basics;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>Says in one sentence what was left out: every reason with its count and the first example.</summary>
internal static class SkipSummary
{
    private const int MostReasons = 8;

    /// <summary>"2 Crowd: annotation 7 ...; 1 BadBox: ..."; images that are left out only because of others come last.</summary>
    public static string Of(IEnumerable<SkippedItem> skipped)
    {
        IEnumerable<IGrouping<SkipReason, SkippedItem>> groups = skipped.GroupBy(item => item.Reason)
            .OrderBy(group => group.Key == SkipReason.NothingUsable).ThenBy(group => group.Key).Take(MostReasons);
        return string.Join("; ", groups.Select(group =>
            FormattableString.Invariant($"{group.Count()} {group.Key}: {group.First().Detail.TrimEnd('.')}"))) + ".";
    }

    /// <summary>An error for annotations of which nothing is left; it names the place of the first fault and every reason.</summary>
    public static DatasetException Error(string message, string path, IReadOnlyList<SkippedItem> skipped, string remedy)
    {
        if (skipped.Count == 0) return new DatasetException(message + ".", path, remedy: remedy);
        SkippedItem first = skipped.FirstOrDefault(item => item.Reason != SkipReason.NothingUsable) ?? skipped[0];
        return new DatasetException(
            $"{message}. {Of(skipped)}", first.File, first.Line is { } line ? FormattableString.Invariant($"line {line}") : null, remedy);
    }
}
