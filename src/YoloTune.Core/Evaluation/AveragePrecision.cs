namespace YoloTune.Evaluation;

/// <summary>
/// Average precision after COCO (101 recall points), and the operating point at the best F1. All in double precision.
/// </summary>
internal static class AveragePrecision
{
    private const double Epsilon = 1e-16;
    private const int RecallPoints = 101;
    private const double SmoothingFraction = 0.1;

    /// <summary>Computes the curves and averages of every class that has labels.</summary>
    /// <param name="correct">For every detection of all images its bits as <see cref="DetectionMatcher.Match"/> gives them.</param>
    /// <param name="confidences">The score of every detection.</param>
    /// <param name="classes">The class of every detection.</param>
    /// <param name="labelCounts">How many labels each class id has: [classes].</param>
    /// <returns>The curves, one set for every class with labels, in ascending order of the class id.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static MetricCurves Compute(
        ReadOnlySpan<ushort> correct, ReadOnlySpan<float> confidences, ReadOnlySpan<int> classes, ReadOnlySpan<int> labelCounts)
    {
        if (correct.Length != confidences.Length || correct.Length != classes.Length)
        {
            throw new ArgumentException(
                $"{correct.Length} matches, {confidences.Length} confidences and {classes.Length} classes do not belong together.");
        }
        int[][] byClass = Ranked(confidences, classes, labelCounts.Length);
        List<ClassPrecision> rows = [];
        for (int c = 0; c < labelCounts.Length; c++)
        {
            if (labelCounts[c] > 0) rows.Add(OfClass(c, labelCounts[c], byClass[c], correct, confidences));
        }
        if (rows.Count == 0) return new MetricCurves(0, []);

        MetricCurves curves = new(0, rows);
        double[] smooth = CurveMath.Smooth(curves.F1, SmoothingFraction);
        int best = Array.IndexOf(smooth, smooth.Max());
        return new MetricCurves(MetricCurves.Axis[best], rows.Select(row => row with
        {
            Precision = row.PrecisionCurve[best], Recall = row.RecallCurve[best], F1 = row.F1Curve[best],
        }).ToArray());
    }

    /// <summary>Area under a precision-recall curve, from 101 recalls on the envelope of the precision.</summary>
    /// <param name="recall">Recall after each detection, ascending.</param>
    /// <param name="precision">Precision after each detection.</param>
    public static double Area(ReadOnlySpan<double> recall, ReadOnlySpan<double> precision)
    {
        (double[] x, double[] y) = Envelope(recall, precision);
        double[] at = CurveMath.UnitRange(RecallPoints);
        return CurveMath.Area(at, CurveMath.Interpolate(at, x, y));
    }

    /// <summary>The curve from recall 0 to 1 with each precision raised to the best one at any higher recall.</summary>
    internal static (double[] Recall, double[] Precision) Envelope(ReadOnlySpan<double> recall, ReadOnlySpan<double> precision)
    {
        double[] x = [0, .. recall, 1], y = [1, .. precision, 0];
        for (int i = y.Length - 2; i >= 0; i--) y[i] = Math.Max(y[i], y[i + 1]);
        return (x, y);
    }

    /// <summary>The detections of each class, best first; equal scores stay in the order they came.</summary>
    private static int[][] Ranked(ReadOnlySpan<float> confidences, ReadOnlySpan<int> classes, int classCount)
    {
        float[] keys = new float[confidences.Length];
        for (int i = 0; i < keys.Length; i++) keys[i] = -confidences[i];
        int[] order = [.. Enumerable.Range(0, keys.Length).OrderBy(i => keys[i])];
        List<int>[] lists = [.. Enumerable.Range(0, classCount).Select(_ => new List<int>())];
        foreach (int i in order)
        {
            if (classes[i] >= 0 && classes[i] < classCount) lists[classes[i]].Add(i);
        }
        return [.. lists.Select(list => list.ToArray())];
    }

    private static ClassPrecision OfClass(
        int classId, int labels, int[] ranked, ReadOnlySpan<ushort> correct, ReadOnlySpan<float> confidences)
    {
        int thresholds = DetectionMatcher.Thresholds.Length;
        double[] ap = new double[thresholds];
        ClassPrecision row = new()
        {
            ClassId = classId, Labels = labels, Precision = 0, Recall = 0, F1 = 0, AP = ap,
            PrecisionCurve = new double[MetricCurves.Points], RecallCurve = new double[MetricCurves.Points],
            F1Curve = new double[MetricCurves.Points], PrecisionRecallCurve = new double[MetricCurves.Points],
        };
        if (ranked.Length == 0) return row;

        double[] recall = new double[ranked.Length], precision = new double[ranked.Length];
        for (int t = thresholds - 1; t >= 0; t--)
        {
            int right = 0;
            for (int i = 0; i < ranked.Length; i++)
            {
                right += (correct[ranked[i]] >> t) & 1;
                recall[i] = right / (labels + Epsilon);
                precision[i] = right / (double)(i + 1);
            }
            ap[t] = Area(recall, precision);
        }
        // The loop ends with the threshold 0.50, whose recall and precision the curves show.
        double[] descending = Negated(ranked, confidences);
        double[] at = [.. MetricCurves.Axis.Select(confidence => -confidence)];
        double[] precisionCurve = CurveMath.Interpolate(at, descending, precision, left: 1);
        double[] recallCurve = CurveMath.Interpolate(at, descending, recall, left: 0);
        (double[] x, double[] y) = Envelope(recall, precision);
        return row with
        {
            PrecisionCurve = precisionCurve,
            RecallCurve = recallCurve,
            F1Curve = [.. precisionCurve.Zip(recallCurve, (p, r) => 2 * p * r / (p + r + Epsilon))],
            PrecisionRecallCurve = CurveMath.Interpolate([.. MetricCurves.Axis], x, y),
        };
    }

    private static double[] Negated(int[] ranked, ReadOnlySpan<float> confidences)
    {
        double[] negated = new double[ranked.Length];
        for (int i = 0; i < negated.Length; i++) negated[i] = -(double)confidences[ranked[i]];
        return negated;
    }
}
