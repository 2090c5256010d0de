namespace YoloTune.Evaluation;

/// <summary>How good a detector is on a set of labelled images. A value that could not be measured is null, never 0.</summary>
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

    /// <summary>The number by which epochs are compared: <see cref="MAP"/>.</summary>
    public double? Fitness => MAP;

    /// <summary>Images evaluated.</summary>
    public int Images { get; init; }

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
    public IReadOnlyDictionary<string, double>? Losses { get; init; }

    /// <summary>Milliseconds per image.</summary>
    public EvaluationSpeed? Speed { get; init; }

    /// <summary>What was asked for.</summary>
    public required EvaluationOptions Settings { get; init; }

    /// <summary>One line with the four figures people compare.</summary>
    public override string ToString() => MAP is null
        ? FormattableString.Invariant($"{Images} images without labels")
        : FormattableString.Invariant($"P {Precision:0.000}  R {Recall:0.000}  mAP50 {MAP50:0.000}  mAP50-95 {MAP:0.000}");
}
