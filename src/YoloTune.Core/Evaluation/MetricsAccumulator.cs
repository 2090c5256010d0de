namespace YoloTune.Evaluation;

/// <summary>
/// Collects what the metrics of boxes need from one image after the other: ten bytes per detection and a few counts per class. Images,
/// predictions and boxes are not kept.
/// </summary>
internal sealed class MetricsAccumulator
{
    private readonly IReadOnlyList<string> _names;
    private readonly EvaluationOptions _options;
    private readonly ConfusionMatrix _confusion;
    private readonly PrecisionAccumulator _boxes;

    /// <summary>Starts with no image.</summary>
    /// <param name="classNames">A name for every class of the model.</param>
    /// <param name="options">What the evaluation was asked for.</param>
    /// <param name="confusionConfidence">The confidence of the confusion matrix; null follows the evaluation's.</param>
    public MetricsAccumulator(IReadOnlyList<string> classNames, EvaluationOptions options, double? confusionConfidence = null)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(options);
        _names = classNames;
        _options = options;
        _confusion = new ConfusionMatrix(classNames.Count, confusionConfidence ?? ConfusionMatrix.ConfidenceFor(options.Confidence))
        {
            ClassNames = classNames.ToArray(),
        };
        _boxes = new PrecisionAccumulator(classNames);
    }

    /// <summary>Images so far.</summary>
    public int Images => _boxes.Images;

    /// <summary>Adds one image.</summary>
    /// <param name="labelBoxes">x1, y1, x2, y2 of every label: [labels * 4], in the frame of the detections.</param>
    /// <param name="labelClasses">Class ids [labels].</param>
    /// <param name="detections">The detections of the image, best first.</param>
    /// <exception cref="ArgumentException">A label has a class the model does not have.</exception>
    public void Add(ReadOnlySpan<float> labelBoxes, ReadOnlySpan<int> labelClasses, Detections detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        _boxes.Add(DetectionMatcher.Match(labelBoxes, labelClasses, detections), labelClasses, detections);
        _confusion.Add(labelBoxes, labelClasses, detections);
    }

    /// <summary>Adds one image by overlaps that are not those of upright boxes.</summary>
    /// <param name="overlaps">The overlap of each label with each detection: [labels * detections].</param>
    /// <param name="labelClasses">Class ids [labels].</param>
    /// <param name="detections">The detections of the image, best first.</param>
    /// <exception cref="ArgumentException">A label has a class the model does not have.</exception>
    public void AddOverlaps(ReadOnlySpan<float> overlaps, ReadOnlySpan<int> labelClasses, Detections detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        _boxes.Add(DetectionMatcher.MatchOverlaps(overlaps, labelClasses, detections), labelClasses, detections);
        _confusion.AddOverlaps(overlaps, labelClasses, detections);
    }

    /// <summary>The metrics of all images so far.</summary>
    /// <param name="speed">How long the steps took, where that was measured.</param>
    /// <param name="losses">Mean losses by name, where a loss was computed.</param>
    public YoloMetrics ToMetrics(EvaluationSpeed? speed = null, IReadOnlyDictionary<string, double>? losses = null)
    {
        YoloMetrics counted = new()
        {
            ImageCount = _boxes.Images, Instances = _boxes.Instances, DetectionCount = _boxes.Count,
            ConfusionMatrix = _confusion, Settings = _options, Speed = speed, Losses = losses,
        };
        if (_boxes.ToSet() is not { } boxes) return counted;
        return counted with
        {
            Groups = _options.NewClasses is { } fresh ? ClassGroupMetrics.Split(_names, boxes.PerClass, fresh) : [],
            Precision = boxes.Precision,
            Recall = boxes.Recall,
            MAP50 = boxes.MAP50,
            MAP75 = boxes.MAP75,
            MAP = boxes.MAP,
            Curves = boxes.Curves,
            PerClass = boxes.PerClass,
            Measures = boxes.Measures(MeasureColumns.Box),
            Fitness = boxes.MAP,
        };
    }
}
