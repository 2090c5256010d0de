using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Evaluation;

/// <summary>
/// Which class was taken for which. Rows are what was predicted, columns what is true. Where objects are predicted, the last row and column
/// are the background: objects missed stand in the last row, detections of nothing in the last column.
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

    private ConfusionMatrix(int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ClassCount = classCount;
        _counts = new long[classCount, classCount];
    }

    /// <summary>Number of classes; also the index of the background.</summary>
    public int ClassCount { get; }

    /// <summary>The names of the classes; numbers where none were given.</summary>
    public IReadOnlyList<string> ClassNames
    {
        get => field ??= Enumerable.Range(0, ClassCount).Select(id => id.ToString(CultureInfo.InvariantCulture)).ToArray();
        init;
    }

    /// <summary>What a row and a column stand for: the classes, and the background where it has a row.</summary>
    internal string[] Labels => HasBackground ? [.. ClassNames, ConfusionCell.Background] : [.. ClassNames];

    /// <summary>Every count with the names of its classes, row by row: for table files.</summary>
    public IReadOnlyList<ConfusionCell> Cells
    {
        get
        {
            string[] names = Labels;
            return names.SelectMany((predicted, row) => names.Select((actual, column) =>
                new ConfusionCell(predicted, actual, _counts[row, column]))).ToArray();
        }
    }

    /// <summary>Whether there is a row and a column for the background; there is none where every image has a class.</summary>
    public bool HasBackground => _counts.GetLength(0) > ClassCount;

    /// <summary>The confidence a detection had to exceed to be counted.</summary>
    public double Confidence { get; }

    /// <summary>The overlap a detection and a label had to exceed to belong together.</summary>
    public double IoU { get; }

    /// <summary>A matrix of images that have one class each, without a background.</summary>
    /// <param name="classNames">The names of the classes.</param>
    public static ConfusionMatrix OfImages(IReadOnlyList<string> classNames) => new(classNames.Count) { ClassNames = classNames.ToArray() };

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
        int side = _counts.GetLength(0);
        double[,] fractions = new double[side, side];
        for (int actual = 0; actual < side; actual++)
        {
            double sum = 1e-9;
            for (int predicted = 0; predicted < side; predicted++) sum += _counts[predicted, actual];
            for (int predicted = 0; predicted < side; predicted++) fractions[predicted, actual] = _counts[predicted, actual] / sum;
        }
        return fractions;
    }

    /// <summary>The counts as lines of text: all of them where they fit, else the most frequent confusions.</summary>
    /// <param name="width">Columns that a line may have.</param>
    public IReadOnlyList<string> Lines(int width = ConfusionText.DefaultWidth) => ConfusionText.Of(this, width);

    /// <summary>"3 classes, 87 of 96 labels right".</summary>
    public override string ToString()
    {
        long all = 0, right = 0;
        foreach (ConfusionCell cell in Cells.Where(cell => cell.Actual != ConfusionCell.Background)) all += cell.Count;
        for (int id = 0; id < ClassCount; id++) right += _counts[id, id];
        return FormattableString.Invariant($"{Counted.Of(ClassCount, "class")}, {right} of {all} labels right");
    }

    /// <summary>The counts as numbers to draw, [predicted, actual].</summary>
    internal double[,] Counts()
    {
        int side = _counts.GetLength(0);
        double[,] counts = new double[side, side];
        for (int row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++) counts[row, column] = _counts[row, column];
        }
        return counts;
    }

    /// <summary>Counts one image that has a class as a whole.</summary>
    /// <param name="predicted">The class that was predicted.</param>
    /// <param name="actual">The class it has.</param>
    public void Add(int predicted, int actual) => _counts[predicted, actual]++;

    /// <summary>Counts one image.</summary>
    /// <param name="labelBoxes">x1, y1, x2, y2 of every label: [labels * 4], in the frame of the detections.</param>
    /// <param name="labelClasses">Class ids [labels].</param>
    /// <param name="detections">The detections of the image.</param>
    internal void Add(ReadOnlySpan<float> labelBoxes, ReadOnlySpan<int> labelClasses, Detections detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        float[] overlaps = new float[labelClasses.Length * detections.Count];
        for (int d = 0; d < detections.Count; d++)
        {
            if (!(detections.Confidence(d) > _confidence)) continue;
            for (int l = 0; l < labelClasses.Length; l++)
                overlaps[(l * detections.Count) + d] = BoxOverlap.IoU(labelBoxes.Slice(l * 4, 4), detections.Box(d));
        }
        AddOverlaps(overlaps, labelClasses, detections);
    }

    /// <summary>Counts one image by overlaps of whatever kind.</summary>
    /// <param name="overlaps">The overlap of each label with each detection: [labels * detections].</param>
    /// <param name="labelClasses">Class ids [labels].</param>
    /// <param name="detections">The detections of the image; scores and classes are read.</param>
    internal void AddOverlaps(ReadOnlySpan<float> overlaps, ReadOnlySpan<int> labelClasses, Detections detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        // For each label the detection that overlaps it most, among those that overlap no other label more.
        int[] winner = new int[labelClasses.Length];
        float[] winning = new float[labelClasses.Length];
        Array.Fill(winner, -1);
        for (int d = 0; d < detections.Count; d++)
        {
            if (!(detections.Confidence(d) > _confidence)) continue;
            (int label, float overlap) = Closest(overlaps, labelClasses.Length, detections.Count, d);
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

    private (int Label, float Overlap) Closest(ReadOnlySpan<float> overlaps, int labels, int detections, int detection)
    {
        int best = -1;
        float bestOverlap = _overlap;
        for (int l = 0; l < labels; l++)
        {
            float overlap = overlaps[(l * detections) + detection];
            if (overlap > bestOverlap) (best, bestOverlap) = (l, overlap);
        }
        return (best, bestOverlap);
    }
}
