namespace YoloTune.Evaluation;

/// <summary>What <see cref="AveragePrecision"/> finds for one class that has labels.</summary>
public sealed record ClassPrecision
{
    /// <summary>The class.</summary>
    public required int ClassId { get; init; }

    /// <summary>How many labels it has.</summary>
    public required int Labels { get; init; }

    /// <summary>Precision at the operating point, 0-1.</summary>
    public required double Precision { get; init; }

    /// <summary>Recall at the operating point, 0-1.</summary>
    public required double Recall { get; init; }

    /// <summary>F1 at the operating point, 0-1.</summary>
    public required double F1 { get; init; }

    /// <summary>Average precision at each of <see cref="DetectionMatcher.Thresholds"/>.</summary>
    public required IReadOnlyList<double> AP { get; init; }

    /// <summary>Precision over <see cref="MetricCurves.Axis"/> read as confidence.</summary>
    public required double[] PrecisionCurve { get; init; }

    /// <summary>Recall over confidence.</summary>
    public required double[] RecallCurve { get; init; }

    /// <summary>F1 over confidence.</summary>
    public required double[] F1Curve { get; init; }

    /// <summary>Precision (its envelope) over <see cref="MetricCurves.Axis"/> read as recall.</summary>
    public required double[] PrecisionRecallCurve { get; init; }

    /// <summary>Average precision at an overlap of 0.50.</summary>
    public double AP50 => AP[0];

    /// <summary>Average precision at an overlap of 0.75.</summary>
    public double AP75 => AP[5];

    /// <summary>Mean of the average precision over the overlaps 0.50 to 0.95.</summary>
    public double MeanAP => AP.Average();

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"class {ClassId}: AP50 {AP50:0.000}  AP50-95 {MeanAP:0.000}");
}
