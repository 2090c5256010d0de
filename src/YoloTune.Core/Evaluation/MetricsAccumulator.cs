using System.Globalization;
using System.Runtime.InteropServices;

namespace YoloTune.Evaluation;

/// <summary>
/// Collects what the metrics need from one image after the other: ten bytes per detection and a few counts per class. Images, predictions
/// and boxes are not kept.
/// </summary>
internal sealed class MetricsAccumulator
{
    private readonly IReadOnlyList<string> _names;
    private readonly EvaluationOptions _options;
    private readonly ConfusionMatrix _confusion;
    private readonly int[] _labels;
    private readonly int[] _imagesOfClass;
    private readonly List<ushort> _correct = [];
    private readonly List<float> _confidences = [];
    private readonly List<int> _classes = [];
    private int _images;

    /// <summary>Starts with no image.</summary>
    /// <param name="classNames">A name for every class of the model.</param>
    /// <param name="options">What the evaluation was asked for.</param>
    public MetricsAccumulator(IReadOnlyList<string> classNames, EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(options);
        _names = classNames;
        _options = options;
        _confusion = new ConfusionMatrix(classNames.Count, ConfusionMatrix.ConfidenceFor(options.Confidence));
        _labels = new int[classNames.Count];
        _imagesOfClass = new int[classNames.Count];
    }

    /// <summary>Images so far.</summary>
    public int Images => _images;

    /// <summary>Adds one image.</summary>
    /// <param name="labelBoxes">x1, y1, x2, y2 of every label: [labels * 4], in the frame of the detections.</param>
    /// <param name="labelClasses">Class ids [labels].</param>
    /// <param name="detections">The detections of the image, best first.</param>
    /// <exception cref="ArgumentException">A label has a class the model does not have.</exception>
    public void Add(ReadOnlySpan<float> labelBoxes, ReadOnlySpan<int> labelClasses, Detections detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        foreach (int c in labelClasses)
        {
            if (c >= 0 && c < _labels.Length) continue;
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"A label has class {c}, the model has {_labels.Length} classes."),
                nameof(labelClasses));
        }
        ushort[] correct = DetectionMatcher.Match(labelBoxes, labelClasses, detections);
        for (int d = 0; d < correct.Length; d++)
        {
            _correct.Add(correct[d]);
            _confidences.Add(detections.Confidence(d));
            _classes.Add(detections.ClassId(d));
        }
        for (int l = 0; l < labelClasses.Length; l++)
        {
            _labels[labelClasses[l]]++;
            if (!labelClasses[..l].Contains(labelClasses[l])) _imagesOfClass[labelClasses[l]]++;
        }
        _confusion.Add(labelBoxes, labelClasses, detections);
        _images++;
    }

    /// <summary>The metrics of all images so far.</summary>
    /// <param name="speed">How long the steps took, where that was measured.</param>
    /// <param name="losses">Mean losses by name, where a loss was computed.</param>
    public YoloMetrics ToMetrics(EvaluationSpeed? speed = null, IReadOnlyDictionary<string, double>? losses = null)
    {
        MetricCurves curves = AveragePrecision.Compute(
            CollectionsMarshal.AsSpan(_correct), CollectionsMarshal.AsSpan(_confidences), CollectionsMarshal.AsSpan(_classes), _labels);
        IReadOnlyList<ClassPrecision> classes = curves.Classes;
        YoloMetrics counted = new()
        {
            Images = _images, Instances = _labels.Sum(), DetectionCount = _correct.Count,
            ConfusionMatrix = _confusion, Settings = _options, Speed = speed, Losses = losses,
        };
        if (classes.Count == 0) return counted;
        ClassMetrics[] rows =
        [
            .. classes.Select(c => new ClassMetrics(
                c.ClassId, _names[c.ClassId], _imagesOfClass[c.ClassId], c.Labels, c.Precision, c.Recall, c.AP50, c.MeanAP)),
        ];
        return counted with
        {
            Groups = _options.NewClasses is { } fresh ? ClassGroupMetrics.Split(_names, rows, fresh) : [],
            Precision = classes.Average(c => c.Precision),
            Recall = classes.Average(c => c.Recall),
            MAP50 = classes.Average(c => c.AP50),
            MAP75 = classes.Average(c => c.AP75),
            MAP = classes.Average(c => c.MeanAP),
            Curves = curves,
            PerClass = rows,
        };
    }
}
