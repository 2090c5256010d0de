namespace YoloTune.Evaluation;

/// <summary>Precision, recall and average precision of one kind of overlap: of boxes, masks or keypoints.</summary>
public sealed record MetricSet
{
    /// <summary>Fraction of the detections that are right, mean over the classes, at the confidence of the best mean F1.</summary>
    public required double Precision { get; init; }

    /// <summary>Fraction of the labels that are found, mean over the classes, at that confidence.</summary>
    public required double Recall { get; init; }

    /// <summary>Mean average precision at an overlap of 0.50.</summary>
    public required double MAP50 { get; init; }

    /// <summary>Mean average precision at an overlap of 0.75.</summary>
    public required double MAP75 { get; init; }

    /// <summary>Mean average precision, mean over the overlaps 0.50 to 0.95.</summary>
    public required double MAP { get; init; }

    /// <summary>One row for every class that has labels, by class id.</summary>
    public required IReadOnlyList<ClassMetrics> PerClass { get; init; }

    /// <summary>Precision, recall and F1 over confidence and precision over recall.</summary>
    public required MetricCurves Curves { get; init; }

    /// <summary>The measures by the reference's names, in the order of results.csv.</summary>
    /// <param name="letter">Whose they are: one of the letters of <see cref="MeasureColumns"/>.</param>
    public IReadOnlyDictionary<string, double> Measures(char letter) =>
        MeasureColumns.Of(letter).Zip([Precision, Recall, MAP50, MAP]).ToDictionary(entry => entry.First, entry => entry.Second);

    /// <summary>The figures in one line.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"P {Precision:0.000}  R {Recall:0.000}  mAP50 {MAP50:0.000}  mAP50-95 {MAP:0.000}");
}
