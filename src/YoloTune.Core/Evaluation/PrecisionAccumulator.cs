using System.Globalization;
using System.Runtime.InteropServices;

namespace YoloTune.Evaluation;

/// <summary>
/// Collects what precision, recall and average precision of one kind of overlap need, from one image after the other: ten bytes a detection
/// and a count or two per class. What the overlap is of (boxes, masks, keypoints) only the matches say.
/// </summary>
/// <param name="classNames">A name for every class of the model.</param>
internal sealed class PrecisionAccumulator(IReadOnlyList<string> classNames)
{
    private readonly int[] labels = new int[classNames.Count];
    private readonly int[] imagesOfClass = new int[classNames.Count];
    private readonly List<ushort> correct = [];
    private readonly List<float> confidences = [];
    private readonly List<int> classes = [];

    /// <summary>Images so far.</summary>
    public int Images { get; private set; }

    /// <summary>Labels so far.</summary>
    public int Instances => labels.Sum();

    /// <summary>Detections so far.</summary>
    public long Count => correct.Count;

    /// <summary>Adds one image.</summary>
    /// <param name="matches">For every detection its bits, as <see cref="DetectionMatcher"/> gives them.</param>
    /// <param name="labelClasses">The class ids of the labels.</param>
    /// <param name="detections">The detections, best first: confidence and class are read.</param>
    /// <exception cref="ArgumentException">A label has a class the model does not have.</exception>
    public void Add(ReadOnlySpan<ushort> matches, ReadOnlySpan<int> labelClasses, Detections detections)
    {
        Check(labelClasses);
        for (int d = 0; d < matches.Length; d++)
        {
            correct.Add(matches[d]);
            confidences.Add(detections.Confidence(d));
            classes.Add(detections.ClassId(d));
        }
        for (int l = 0; l < labelClasses.Length; l++)
        {
            labels[labelClasses[l]]++;
            if (!labelClasses[..l].Contains(labelClasses[l])) imagesOfClass[labelClasses[l]]++;
        }
        Images++;
    }

    /// <summary>The figures of all images so far; null without labels.</summary>
    public MetricSet? ToSet()
    {
        MetricCurves curves = AveragePrecision.Compute(
            CollectionsMarshal.AsSpan(correct), CollectionsMarshal.AsSpan(confidences), CollectionsMarshal.AsSpan(classes), labels);
        IReadOnlyList<ClassPrecision> rows = curves.Classes;
        if (rows.Count == 0) return null;
        return new()
        {
            Precision = rows.Average(c => c.Precision),
            Recall = rows.Average(c => c.Recall),
            MAP50 = rows.Average(c => c.AP50),
            MAP75 = rows.Average(c => c.AP75),
            MAP = rows.Average(c => c.MeanAP),
            Curves = curves,
            PerClass = (ClassMetrics[])
            [
                .. rows.Select(c => new ClassMetrics(
                    c.ClassId, classNames[c.ClassId], imagesOfClass[c.ClassId], c.Labels, c.Precision, c.Recall, c.AP50, c.MeanAP)),
            ],
        };
    }

    private void Check(ReadOnlySpan<int> labelClasses)
    {
        foreach (int c in labelClasses)
        {
            if (c >= 0 && c < labels.Length) continue;
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"A label has class {c}, the model has {labels.Length} classes."),
                nameof(labelClasses));
        }
    }
}
