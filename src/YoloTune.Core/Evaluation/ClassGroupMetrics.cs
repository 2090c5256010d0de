namespace YoloTune.Evaluation;

/// <summary>The figures of some of the classes together, each the mean over those that have labels; null when none has.</summary>
/// <param name="Name">What the classes have in common: Old or New.</param>
/// <param name="ClassNames">The classes.</param>
/// <param name="Instances">Labels of them.</param>
/// <param name="Precision">Fraction of their detections that are right, at the confidence of the best mean F1 of all classes.</param>
/// <param name="Recall">Fraction of their labels that are found, at that confidence.</param>
/// <param name="MAP50">Mean average precision at an overlap of 0.50.</param>
/// <param name="MAP">Mean average precision, mean over the overlaps 0.50 to 0.95.</param>
public sealed record ClassGroupMetrics(
    string Name, IReadOnlyList<string> ClassNames, int Instances, double? Precision, double? Recall, double? MAP50, double? MAP)
{
    /// <summary>The group of the classes that were there before.</summary>
    public const string Old = "Old";

    /// <summary>The group of the classes that are new.</summary>
    public const string New = "New";

    /// <summary>Fraction of their images whose best class is right; null where objects are predicted.</summary>
    public double? Top1 { get; init; }

    /// <summary>The figures of the group in one line.</summary>
    public override string ToString() => Top1 is not null
        ? FormattableString.Invariant($"{Name}: top-1 {Top1:0.000}")
        : MAP is null
        ? $"{Name}: no labels"
        : FormattableString.Invariant($"{Name}: P {Precision:0.000}  R {Recall:0.000}  mAP50 {MAP50:0.000}  mAP50-95 {MAP:0.000}");

    /// <summary>Tells new classes and the others apart.</summary>
    internal static IReadOnlyList<ClassGroupMetrics> Split(
        IReadOnlyList<string> names, IReadOnlyList<ClassMetrics> rows, IReadOnlyList<int> newClasses) =>
        new[] { Of(Old, names, rows, id => !newClasses.Contains(id)), Of(New, names, rows, newClasses.Contains) };

    /// <inheritdoc cref="Split(IReadOnlyList{string}, IReadOnlyList{ClassMetrics}, IReadOnlyList{int})"/>
    internal static IReadOnlyList<ClassGroupMetrics> Split(
        IReadOnlyList<string> names, IReadOnlyList<ClassAccuracy> rows, IReadOnlyList<int> newClasses)
    {
        return new[] { Of(Old, id => !newClasses.Contains(id)), Of(New, newClasses.Contains) };

        ClassGroupMetrics Of(string name, Func<int, bool> belongs)
        {
            ClassAccuracy[] members = [.. rows.Where(row => belongs(row.ClassId))];
            int images = members.Sum(row => row.Images);
            string[] classes = [.. Enumerable.Range(0, names.Count).Where(belongs).Select(id => names[id])];
            return new(name, classes, images, null, null, null, null)
            {
                Top1 = images == 0 ? null : members.Sum(row => row.Top1 * row.Images) / images,
            };
        }
    }

    private static ClassGroupMetrics Of(string name, IReadOnlyList<string> names, IReadOnlyList<ClassMetrics> rows, Func<int, bool> belongs)
    {
        ClassMetrics[] members = [.. rows.Where(row => belongs(row.ClassId))];
        double? Mean(Func<ClassMetrics, double> figure) => members.Length == 0 ? null : members.Average(figure);
        return new(
            name, Enumerable.Range(0, names.Count).Where(belongs).Select(id => names[id]).ToArray(), members.Sum(row => row.Instances),
            Mean(row => row.Precision), Mean(row => row.Recall), Mean(row => row.AP50), Mean(row => row.AP));
    }
}
