namespace YoloTune.Evaluation;

/// <summary>The reference's column names of measures, and the number by which epochs and models are compared.</summary>
internal static class MeasureColumns
{
    /// <summary>The letter of boxes in the names of measures.</summary>
    public const char Box = 'B';

    /// <summary>The letter of masks.</summary>
    public const char Mask = 'M';

    /// <summary>The letter of keypoints.</summary>
    public const char Pose = 'P';

    /// <summary>The fraction of the images whose best class is right.</summary>
    public const string Top1 = "metrics/accuracy_top1";

    /// <summary>The fraction of the images whose five best classes have the right one.</summary>
    public const string Top5 = "metrics/accuracy_top5";

    private const string MeanPrefix = "metrics/mAP50-95(", HalfPrefix = "metrics/mAP50(";

    /// <summary>Precision, recall, mAP50 and mAP50-95 of boxes, masks or keypoints, in the order of results.csv.</summary>
    /// <param name="letter">Whose they are.</param>
    public static IReadOnlyList<string> Of(char letter) =>
        (string[])[$"metrics/precision({letter})", $"metrics/recall({letter})", $"metrics/mAP50({letter})", $"{MeanPrefix}{letter})"];

    /// <summary>
    /// The number by which epochs are compared: the sum of all mAP50-95, or the mean of top-1 and top-5; null when nothing was measured.
    /// </summary>
    /// <param name="measures">The measures by their names.</param>
    public static double? Fitness(IReadOnlyDictionary<string, double> measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        if (measures.TryGetValue(Top1, out double first)) return (first + measures.GetValueOrDefault(Top5, first)) / 2;
        double[] means =
            [.. measures.Where(entry => entry.Key.StartsWith(MeanPrefix, StringComparison.Ordinal)).Select(entry => entry.Value)];
        return means.Length == 0 ? null : means.Sum();
    }

    /// <summary>The measures people compare runs by, under the names they know, such as mAP50-95, mask mAP50-95 or top-1.</summary>
    /// <param name="measures">The measures by their names.</param>
    public static IReadOnlyList<KeyValuePair<string, double>> Headline(IReadOnlyDictionary<string, double> measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        return measures.Where(entry => entry.Key == Top1 || entry.Key.StartsWith(MeanPrefix, StringComparison.Ordinal))
            .Select(entry => KeyValuePair.Create(Title(entry.Key), entry.Value)).ToArray();
    }

    /// <summary>The measures people compare runs by in one short line; empty where nothing was measured.</summary>
    /// <param name="measures">The measures by their names.</param>
    public static string Figures(IReadOnlyDictionary<string, double> measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        string[] names = measures.ContainsKey(Top1) ? [Top1, Top5]
            : measures.Keys.Any(name => name.StartsWith(MeanPrefix, StringComparison.Ordinal) && name[^2] != Box)
                ? [.. measures.Keys.Where(name => name.StartsWith(MeanPrefix, StringComparison.Ordinal))]
                : [HalfPrefix + "B)", MeanPrefix + "B)"];
        return string.Join(", ", names.Where(measures.ContainsKey)
            .Select(name => FormattableString.Invariant($"{ShortTitle(name)} {measures[name]:0.000}")));
    }

    /// <summary>
    /// The measures that have a column where a run is watched, with its title: of one kind of overlap both means, of several the stricter
    /// of each with its letter, of whole images top-1 and top-5.
    /// </summary>
    /// <param name="names">The names of the measures.</param>
    public static IEnumerable<(string Name, string Title)> Columns(IReadOnlyList<string> names)
    {
        bool several = names.Count(name => name.StartsWith(MeanPrefix, StringComparison.Ordinal)) > 1;
        foreach (string name in names)
        {
            bool mean = name.StartsWith(MeanPrefix, StringComparison.Ordinal);
            if (name is Top1 or Top5) yield return (name, ShortTitle(name));
            else if (several && mean) yield return (name, $"mAP50-95({name[^2]})");
            else if (!several && mean) yield return (name, Title(name));
            else if (!several && name.StartsWith(HalfPrefix, StringComparison.Ordinal)) yield return (name, ShortTitle(name));
        }
    }

    /// <summary>The name of what epochs are compared by, for a sentence.</summary>
    /// <param name="names">The names of the measures.</param>
    public static string FitnessTitle(IEnumerable<string> names)
    {
        string[] titles = [.. names.Where(name => name.StartsWith(MeanPrefix, StringComparison.Ordinal)).Select(Title)];
        return string.Join(" + ", titles);
    }

    private static string ShortTitle(string name) => name switch
    {
        Top5 => "top-5",
        _ when name.StartsWith(HalfPrefix, StringComparison.Ordinal) => "mAP50",
        _ when name.EndsWith("(M)", StringComparison.Ordinal) => "masks",
        _ when name.EndsWith("(P)", StringComparison.Ordinal) => "poses",
        _ => Title(name),
    };

    private static string Title(string name) => name switch
    {
        Top1 => "top-1",
        _ when name.EndsWith("(M)", StringComparison.Ordinal) => "mask mAP50-95",
        _ when name.EndsWith("(P)", StringComparison.Ordinal) => "pose mAP50-95",
        _ => "mAP50-95",
    };
}
