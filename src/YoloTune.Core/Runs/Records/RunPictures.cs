using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Tasks;

namespace YoloTune.Runs.Records;

/// <summary>
/// The pictures of a run's folder. A picture that cannot be drawn is a warning, never the end of a run. Those of the first batches wait
/// until
/// these have been trained on, for the first of them takes seconds and a person waits for the first iteration.
/// </summary>
internal sealed class RunPictures(
    RunFolder folder, YoloTask task, IReadOnlyList<string> classNames, IReadOnlyList<string> columns, bool enabled,
    TrainingHooks hooks) : IDisposable
{
    private const int Batches = 3;
    private readonly BatchPainter painter = task.CreatePainter(classNames);
    private readonly HashSet<string> held = new(StringComparer.Ordinal);
    private readonly List<(string Name, Action<string> Draw, ImageBatch? Batch)> waiting = [];

    /// <summary>labels.jpg.</summary>
    public void Labels(ImageDataset dataset)
    {
        if (task.PredictsObjects) Wait("labels.jpg", null, path => SaveLabels(dataset, path));
    }

    /// <summary>train_batch0.jpg and so on: the first batches, and the first without mosaic.</summary>
    public void TrainingBatch(int epoch, int batch, int batches, Func<int, bool> closesMosaic, ImageBatch content)
    {
        bool closes = closesMosaic(epoch) && (epoch == 0 || !closesMosaic(epoch - 1));
        // A batch of features has no images to show.
        if (batch >= Batches) DrawWaiting();
        if (!enabled || batch >= Batches || !(epoch == 0 || closes) || content.Features is not null) return;
        long number = ((long)epoch * batches) + batch;
        ImageBatch kept = content.Share();
        Wait(
            FormattableString.Invariant($"train_batch{number}.jpg"), kept,
            path => painter.SaveLabels(kept, path));
    }

    /// <summary>Draws what waits.</summary>
    public void DrawWaiting()
    {
        foreach ((string name, Action<string> draw, _) in waiting) Draw(name, draw);
        Dispose();
    }

    /// <summary>Frees the batches that wait.</summary>
    public void Dispose()
    {
        foreach ((_, _, ImageBatch? batch) in waiting) batch?.Dispose();
        waiting.Clear();
    }

    /// <summary>val_batch0_labels.jpg and val_batch0_pred.jpg and so on.</summary>
    public void ValidationBatch(EvaluatedBatch evaluated)
    {
        if (evaluated.Index >= Batches) return;
        ImageBatch batch = evaluated.Batch;
        string name = FormattableString.Invariant($"val_batch{evaluated.Index}");
        Draw(name + "_labels.jpg", path => painter.SaveLabels(batch, path));
        Draw(name + "_pred.jpg", path => painter.SaveResults(batch, evaluated.Results, path));
    }

    /// <summary>results.png.</summary>
    public void Results(IReadOnlyList<YoloEpoch> epochs) => Draw("results.png", path =>
    {
        double[] numbers = [.. epochs.Select(epoch => (double)epoch.Epoch)];
        Dictionary<string, double>[] values =
            [.. epochs.Select(epoch => ResultsTable.Values(epoch).ToDictionary(entry => entry.Key, entry => entry.Value))];
        ResultsPlot.Save(
            [.. columns.Select(name => new EpochSeries(
                name, numbers, [.. values.Select(row => row.TryGetValue(name, out double value) ? value : double.NaN)]))],
            path);
    });

    /// <summary>Confusion matrices and curves.</summary>
    public void Measures(YoloMetrics metrics)
    {
        double[,] counts = metrics.ConfusionMatrix.Counts();
        bool background = metrics.ConfusionMatrix.HasBackground;
        Draw("confusion_matrix.png", path => ConfusionMatrixPlot.Save(counts, classNames, path, normalised: false, background));
        Draw("confusion_matrix_normalized.png", path => ConfusionMatrixPlot.Save(counts, classNames, path, normalised: true, background));
        foreach ((string name, MetricSet set) in metrics.Sets()) Curves(name, set);
    }

    private void Curves(string name, MetricSet set)
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
            Draw($"{name}{kind}_curve.png", path => ClassCurvesPlot.Save(
                new ClassCurves(
                    title, x, y, MetricCurves.Axis, [.. curves.Classes.Select(curve)], [.. curves.Classes.Select(c => c.ClassId)],
                    [.. curves.Classes.Select(c => classNames[c.ClassId])], mean, value is null ? null : [.. curves.Classes.Select(value)]),
                path));
    }

    private void SaveLabels(ImageDataset dataset, string path)
    {
        List<LabelBox> boxes = [.. dataset.Images.SelectMany(image => image.Labels.Boxes)];
        int[] ids = [.. dataset.Images.SelectMany(image => image.Labels.Classes).Select(id => (int)id)];
        LabelPlot.Save(
            new LabelStatistics(
                ids, [.. boxes.Select(box => (double)box.X)], [.. boxes.Select(box => (double)box.Y)],
                [.. boxes.Select(box => (double)box.Width)], [.. boxes.Select(box => (double)box.Height)], classNames),
            path);
    }

    private void Wait(string name, ImageBatch? batch, Action<string> draw) => waiting.Add((name, draw, batch));

    private void Draw(string name, Action<string> draw)
    {
        if (!enabled) return;
        try
        {
            // A picture that is open in a viewer is not waited for after every epoch.
            using IDisposable? hurry = held.Contains(name) ? AtomicFile.WithoutWaiting() : null;
            draw(folder.File(name));
            held.Remove(name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (error is not FileInUseException || held.Add(name))
                hooks.Warning?.Invoke($"The picture {name} cannot be written: {error.Message}");
        }
    }
}
