using YoloTune.Basics;

namespace YoloTune.Evaluation;

/// <summary>How good a model is on a set of labelled images. A value that could not be measured is null, never 0.</summary>
public sealed record YoloMetrics
{
    /// <summary>
    /// Fraction of the detections that are right, mean over the classes, at the confidence of the best mean F1; null without labels.
    /// </summary>
    public double? Precision { get; init; }

    /// <summary>Fraction of the labels that are found, mean over the classes, at that confidence; null without labels.</summary>
    public double? Recall { get; init; }

    /// <summary>
    /// The confidence at which <see cref="Precision"/> and <see cref="Recall"/> are, where the mean F1 is best: the -Confidence to predict
    /// with where both count alike. Null without labels.
    /// </summary>
    public double? BestConfidence => Curves?.BestConfidence;

    /// <summary>Mean average precision at an overlap of 0.50; null without labels.</summary>
    public double? MAP50 { get; init; }

    /// <summary>Mean average precision, mean over the overlaps 0.50 to 0.95; null without labels.</summary>
    public double? MAP { get; init; }

    /// <summary>Mean average precision at an overlap of 0.75; null without labels.</summary>
    public double? MAP75 { get; init; }

    /// <summary>The same figures of masks; null for a task without them, or without labels.</summary>
    public MetricSet? Mask { get; init; }

    /// <summary>The same figures of keypoints; null for a task without them, or without labels.</summary>
    public MetricSet? Pose { get; init; }

    /// <summary>Fraction of the images whose best class is right; null where images as a whole have no class.</summary>
    public double? Top1 { get; init; }

    /// <summary>Fraction of the images whose five best classes have the right one; null where images as a whole have no class.</summary>
    public double? Top5 { get; init; }

    /// <summary>One row for every class that has images, by class id; empty where objects are predicted.</summary>
    public IReadOnlyList<ClassAccuracy> PerClassAccuracy { get; init; } = [];

    /// <summary>
    /// What the task measures, by the reference's column names and in the order of results.csv; empty when nothing could be measured.
    /// </summary>
    public IReadOnlyDictionary<string, double> Measures
    {
        get;
        init => field = NamedValues<double>.Of(value);
    } = NamedValues<double>.Of([]);

    /// <summary>
    /// The number by which epochs are compared: <see cref="MAP"/>, with that of masks or keypoints added where there are any; of classified
    /// images the mean of <see cref="Top1"/> and <see cref="Top5"/>.
    /// </summary>
    public double? Fitness { get; init; }

    /// <summary>How many images were evaluated.</summary>
    public int ImageCount { get; init; }

    /// <summary>
    /// Every image with what was found of its labels and what beside them, by path: <c>Sort-Object Score</c> has the worst first.
    /// Empty where
    /// a run measures its epochs.
    /// </summary>
    public IReadOnlyList<ImageMeasure> Images { get; init; } = [];

    /// <summary>Labels on them.</summary>
    public int Instances { get; init; }

    /// <summary>Detections on them.</summary>
    public long DetectionCount { get; init; }

    /// <summary>One row for every class that has labels, by class id.</summary>
    public IReadOnlyList<ClassMetrics> PerClass { get; init; } = [];

    /// <summary>The means of old and new classes apart; empty when nothing was to be told apart.</summary>
    public IReadOnlyList<ClassGroupMetrics> Groups { get; init; } = [];

    /// <summary>Which class was taken for which.</summary>
    public required ConfusionMatrix ConfusionMatrix { get; init; }

    /// <summary>Precision, recall and F1 over confidence and precision over recall; null without labels.</summary>
    public MetricCurves? Curves { get; init; }

    /// <summary>Losses by name, mean over the batches; null when no loss was asked for.</summary>
    public IReadOnlyDictionary<string, double>? Losses
    {
        get;
        init => field = value is null ? null : NamedValues<double>.Of(value);
    }

    /// <summary>Milliseconds per image.</summary>
    public EvaluationSpeed? Speed { get; init; }

    /// <summary>What was measured: the model's name; empty within a run.</summary>
    public string Model { get; init; } = "";

    /// <summary>The dataset's description, a full path; empty within a run.</summary>
    public string Data { get; init; } = "";

    /// <summary>What was asked for.</summary>
    public required EvaluationOptions Settings { get; init; }

    /// <summary>The figures of each kind of overlap, with the word that files name it by: Box, Mask, Pose.</summary>
    internal IEnumerable<(string Name, MetricSet Set)> Sets()
    {
        if (Curves is { } curves && MAP is { } map)
        {
            yield return ("Box", new()
            {
                Precision = Precision ?? 0, Recall = Recall ?? 0, MAP50 = MAP50 ?? 0, MAP75 = MAP75 ?? 0, MAP = map,
                PerClass = PerClass, Curves = curves,
            });
        }
        if (Mask is { } mask) yield return ("Mask", mask);
        if (Pose is { } pose) yield return ("Pose", pose);
    }

    /// <summary>One line with the figures people compare.</summary>
    public override string ToString() => Top1 is not null
        ? FormattableString.Invariant($"top-1 {Top1:0.000}  top-5 {Top5:0.000}")
        : MAP is null
        ? FormattableString.Invariant($"{ImageCount} images without labels")
        : string.Join("; ",
            Sets().Select(entry => entry.Name == "Box" ? entry.Set.ToString() : $"{entry.Name.ToLowerInvariant()} {entry.Set}"));
}
