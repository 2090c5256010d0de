using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Tasks;

namespace YoloTune.Runs.Records;

/// <summary>The pictures of a measurement: its first batches with labels and with predictions, confusion matrices and curves.</summary>
/// <param name="task">The model's task.</param>
/// <param name="classNames">A name for every class.</param>
/// <param name="split">The split, with which the names of batches begin.</param>
/// <param name="draw">Draws a picture of a name; it decides where and whether.</param>
internal sealed class MeasuredPictures(YoloTask task, IReadOnlyList<string> classNames, string split, Action<string, Action<string>> draw)
{
    /// <summary>The picture that every measurement has.</summary>
    public const string Matrix = "confusion_matrix.png";

    private const int Batches = 3;
    private readonly BatchPainter painter = task.CreatePainter(classNames);

    /// <summary>val_batch0_labels.jpg and val_batch0_pred.jpg and so on.</summary>
    public void Batch(EvaluatedBatch evaluated)
    {
        if (evaluated.Index >= Batches) return;
        string name = FormattableString.Invariant($"{split}_batch{evaluated.Index}");
        draw(name + "_labels.jpg", path => painter.SaveLabels(evaluated.Batch, path));
        draw(name + "_pred.jpg", path => painter.SaveResults(evaluated.Batch, evaluated.Results, path));
    }

    /// <summary>Confusion matrices and curves.</summary>
    public void Measures(YoloMetrics metrics)
    {
        double[,] counts = metrics.ConfusionMatrix.Counts();
        bool background = metrics.ConfusionMatrix.HasBackground;
        IReadOnlyList<string> names = metrics.ConfusionMatrix.ClassNames;
        draw(Matrix, path => ConfusionMatrixPlot.Save(counts, names, path, normalised: false, background));
        draw("confusion_matrix_normalized.png", path => ConfusionMatrixPlot.Save(counts, names, path, normalised: true, background));
        foreach ((string name, MetricSet set) in metrics.Sets()) Curves(name, set, names);
    }

    private void Curves(string name, MetricSet set, IReadOnlyList<string> names)
    {
        MetricCurves curves = set.Curves;
        // Read off the line: the operating point is where the smoothed curve is highest, so that the curve's own peak may lie elsewhere.
        int best = curves.BestPoint;
        string at = FormattableString.Invariant($"at {curves.BestConfidence:0.000}");
        Curve("PR", "Precision-recall curve", "Recall", "Precision", c => c.PrecisionRecallCurve,
            FormattableString.Invariant($"all classes {set.MAP50:0.000} mAP@0.5"), c => c.AP50);
        Curve("F1", "F1-confidence curve", "Confidence", "F1", c => c.F1Curve,
            FormattableString.Invariant($"all classes {curves.F1[best]:0.00} {at}"), null);
        Curve("P", "Precision-confidence curve", "Confidence", "Precision", c => c.PrecisionCurve,
            FormattableString.Invariant($"all classes {curves.Precision[best]:0.00} {at}"), null);
        Curve("R", "Recall-confidence curve", "Confidence", "Recall", c => c.RecallCurve,
            FormattableString.Invariant($"all classes {curves.Recall[best]:0.00} {at}"), null);

        void Curve(
            string kind, string title, string x, string y, Func<ClassPrecision, double[]> curve, string mean,
            Func<ClassPrecision, double>? value) =>
            draw($"{name}{kind}_curve.png", path => ClassCurvesPlot.Save(
                new ClassCurves(
                    title, x, y, MetricCurves.Axis, [.. curves.Classes.Select(curve)], [.. curves.Classes.Select(c => c.ClassId)],
                    [.. curves.Classes.Select(c => names[c.ClassId])], mean, value is null ? null : [.. curves.Classes.Select(value)]),
                path));
    }
}
