namespace YoloTune.Tasks.Shared;

/// <summary>How raw predictions are thinned out to detections (non-maximum suppression).</summary>
public sealed record NmsOptions
{
    /// <summary>The confidence evaluation starts from: low, so that the precision-recall curve is complete.</summary>
    public const double EvaluationConfidence = 0.001;

    /// <summary>The confidence a prediction must exceed to be shown to a person.</summary>
    public const double PredictionConfidence = 0.25;

    /// <summary>The overlap above which the weaker of two boxes is dropped.</summary>
    public const double DefaultIoU = 0.7;

    /// <summary>The most detections an image may have.</summary>
    public const int DefaultMaxDetections = 300;

    /// <summary>A score must be greater than this, 0-1.</summary>
    public double Confidence { get; init; } = PredictionConfidence;

    /// <summary>A box that overlaps a better one by more than this is dropped; one that overlaps by exactly this stays. 0-1.</summary>
    public double IoU { get; init; } = DefaultIoU;

    /// <summary>The most detections an image may have; the best are kept.</summary>
    public int MaxDetections { get; init; } = DefaultMaxDetections;

    /// <summary>Every class of an anchor above the confidence makes a candidate, not only the best one.</summary>
    public bool MultiLabel { get; init; }

    /// <summary>Boxes suppress each other whatever their classes.</summary>
    public bool Agnostic { get; init; }

    /// <summary>Only these classes are kept; null keeps all.</summary>
    public IReadOnlyCollection<int>? Classes { get; init; }

    /// <summary>Only this many candidates of an image, the best, enter the suppression; it bounds the work on an untrained model.</summary>
    public int MaxCandidates { get; init; } = 30_000;
}
