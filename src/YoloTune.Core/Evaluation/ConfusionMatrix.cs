namespace YoloTune.Evaluation;

/// <summary>
/// Which class was taken for which. Rows are what was predicted, columns what is true; the last row and column are the background: objects
/// missed stand in the last row, detections of nothing in the last column.
/// </summary>
public sealed class ConfusionMatrix
{
    /// <summary>The confidence a detection must exceed here when the evaluation itself starts from its default.</summary>
    public const double DefaultConfidence = NmsOptions.PredictionConfidence;

    /// <summary>The overlap a detection and a label must exceed to belong together.</summary>
    public const double DefaultIoU = 0.45;

    private readonly long[,] _counts;
    private readonly float _confidence;
    private readonly float _overlap;

    /// <summary>Starts with nothing counted.</summary>
    /// <param name="classCount">Number of classes, the background not counted.</param>
    /// <param name="confidence">Scores must be greater than this.</param>
    /// <param name="iou">Overlaps must be greater than this.</param>
    public ConfusionMatrix(int classCount, double confidence = DefaultConfidence, double iou = DefaultIoU)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ClassCount = classCount;
        Confidence = confidence;
        IoU = iou;
        _counts = new long[classCount + 1, classCount + 1];
        _confidence = (float)confidence;
        _overlap = (float)iou;
    }

    /// <summary>Number of classes; also the index of the background.</summary>
    public int ClassCount { get; }

    /// <summary>The confidence a detection had to exceed to be counted.</summary>
    public double Confidence { get; }

    /// <summary>The overlap a detection and a label had to exceed to belong together.</summary>
    public double IoU { get; }

    /// <summary>
    /// The confidence to use in an evaluation: the default where the evaluation uses its own default, else the evaluation's.
    /// </summary>
    public static double ConfidenceFor(double evaluationConfidence) =>
        evaluationConfidence == NmsOptions.EvaluationConfidence ? DefaultConfidence : evaluationConfidence;

    /// <summary>
    /// How often the first class was predicted where the second is true; <see cref="ClassCount"/> stands for the background.
    /// </summary>
    public long this[int predicted, int actual] => _counts[predicted, actual];

    /// <summary>A copy of all counts, [predicted, actual].</summary>
    public long[,] ToArray() => (long[,])_counts.Clone();

    /// <summary>The counts divided by their column's sum: how the objects of each class were seen, 0-1.</summary>
    public double[,] Normalized()
    {
        double[,] shares = new double[ClassCount + 1, ClassCount + 1];
        for (int actual = 0; actual <= ClassCount; actual++)
        {
            double sum = 1e-9;
            for (int predicted = 0; predicted <= ClassCount; predicted++) sum += _counts[predicted, actual];
            for (int predicted = 0; predicted <= ClassCount; predicted++) shares[predicted, actual] = _counts[predicted, actual] / sum;
        }
        return shares;
    }

    /// <summary>Counts one image.</summary>
    /// <param name="labelBoxes">x1, y1, x2, y2 of every label: [labels * 4], in the frame of the detections.</param>
    /// <param name="labelClasses">Class ids [labels].</param>
    /// <param name="detections">The detections of the image.</param>
    internal void Add(ReadOnlySpan<float> labelBoxes, ReadOnlySpan<int> labelClasses, Detections detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        // For each label the detection that overlaps it most, among those that overlap no other label more.
        int[] winner = new int[labelClasses.Length];
        float[] winning = new float[labelClasses.Length];
        Array.Fill(winner, -1);
        for (int d = 0; d < detections.Count; d++)
        {
            if (!(detections.Confidence(d) > _confidence)) continue;
            (int label, float overlap) = Closest(labelBoxes, detections.Box(d));
            if (label >= 0 && overlap > winning[label]) (winner[label], winning[label]) = (d, overlap);
        }
        for (int l = 0; l < winner.Length; l++)
        {
            _counts[winner[l] < 0 ? ClassCount : detections.ClassId(winner[l]), labelClasses[l]]++;
        }
        for (int d = 0; d < detections.Count; d++)
        {
            if (detections.Confidence(d) > _confidence && !winner.Contains(d)) _counts[detections.ClassId(d), ClassCount]++;
        }
    }

    private (int Label, float Overlap) Closest(ReadOnlySpan<float> labelBoxes, ReadOnlySpan<float> box)
    {
        int best = -1;
        float bestOverlap = _overlap;
        for (int l = 0; l < labelBoxes.Length / 4; l++)
        {
            float overlap = BoxOverlap.IoU(labelBoxes.Slice(l * 4, 4), box);
            if (overlap > bestOverlap) (best, bestOverlap) = (l, overlap);
        }
        return (best, bestOverlap);
    }
}
