using TorchSharp;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Tasks.Shared;

namespace YoloTune.Runs.Records;

/// <summary>
/// The pictures of a run's folder. A picture that cannot be drawn is a warning, never the end of a run. Those of the first batches wait until
/// these have been trained on, for the first of them takes seconds and a person waits for the first iteration.
/// </summary>
internal sealed class RunPictures(
    RunFolder folder, IReadOnlyList<string> classNames, IReadOnlyList<string> columns, bool enabled, TrainingHooks hooks) : IDisposable
{
    private const int Batches = 3;
    private const double PredictionConfidence = 0.25;
    private readonly HashSet<string> held = new(StringComparer.Ordinal);
    private readonly List<(string Name, Action<string> Draw, ImageBatch? Batch)> waiting = [];

    /// <summary>labels.jpg.</summary>
    public void Labels(ImageDataset dataset) => Wait("labels.jpg", null, path =>
    {
        List<LabelBox> boxes = [.. dataset.Images.SelectMany(image => image.Labels.Boxes)];
        int[] ids = [.. dataset.Images.SelectMany(image => image.Labels.Classes).Select(id => (int)id)];
        LabelPlot.Save(
            new LabelStatistics(
                ids, [.. boxes.Select(box => (double)box.X)], [.. boxes.Select(box => (double)box.Y)],
                [.. boxes.Select(box => (double)box.Width)], [.. boxes.Select(box => (double)box.Height)], classNames),
            path);
    });

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
            path => BatchMosaicPicture.Save(kept.Images, LabelBoxes(kept), path, Captions(kept)));
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
        Draw(name + "_labels.jpg", path => BatchMosaicPicture.Save(batch.Images, LabelBoxes(batch), path, Captions(batch)));
        Draw(name + "_pred.jpg", path => BatchMosaicPicture.Save(
            batch.Images, [.. evaluated.Detections.Select(Boxes)], path, Captions(batch)));
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
        double[,] counts = Counts(metrics.ConfusionMatrix);
        Draw("confusion_matrix.png", path => ConfusionMatrixPlot.Save(counts, classNames, path, normalised: false));
        Draw("confusion_matrix_normalized.png", path => ConfusionMatrixPlot.Save(counts, classNames, path, normalised: true));
        if (metrics.Curves is not { } curves) return;
        // Read off the line: the operating point is where the smoothed curve is highest, so that the curve's own peak may lie elsewhere.
        int best = curves.BestPoint;
        string at = FormattableString.Invariant($"at {curves.BestConfidence:0.000}");
        Curve("BoxPR_curve.png", "Precision-recall curve", "Recall", "Precision", c => c.PrecisionRecallCurve,
            FormattableString.Invariant($"all classes {metrics.MAP50:0.000} mAP@0.5"), c => c.AP50);
        Curve("BoxF1_curve.png", "F1-confidence curve", "Confidence", "F1", c => c.F1Curve,
            FormattableString.Invariant($"all classes {curves.F1[best]:0.00} {at}"), null);
        Curve("BoxP_curve.png", "Precision-confidence curve", "Confidence", "Precision", c => c.PrecisionCurve,
            FormattableString.Invariant($"all classes {curves.Precision[best]:0.00} {at}"), null);
        Curve("BoxR_curve.png", "Recall-confidence curve", "Confidence", "Recall", c => c.RecallCurve,
            FormattableString.Invariant($"all classes {curves.Recall[best]:0.00} {at}"), null);

        void Curve(
            string file, string title, string x, string y, Func<ClassPrecision, double[]> curve, string mean,
            Func<ClassPrecision, double>? value) =>
            Draw(file, path => ClassCurvesPlot.Save(
                new ClassCurves(
                    title, x, y, MetricCurves.Axis, [.. curves.Classes.Select(curve)], [.. curves.Classes.Select(c => c.ClassId)],
                    [.. curves.Classes.Select(c => classNames[c.ClassId])], mean, value is null ? null : [.. curves.Classes.Select(value)]),
                path));
    }

    private void Wait(string name, ImageBatch? batch, Action<string> draw) => waiting.Add((name, draw, batch));

    private static double[,] Counts(ConfusionMatrix matrix)
    {
        int side = matrix.ClassCount + 1;
        double[,] counts = new double[side, side];
        for (int row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++) counts[row, column] = matrix[row, column];
        }
        return counts;
    }

    private static IReadOnlyList<string> Captions(ImageBatch batch) =>
        [.. batch.Sources.Select(source => Path.GetFileName(source.Path))];

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

    private List<DrawnBox>[] LabelBoxes(ImageBatch batch)
    {
        BatchLabels labels = new(batch, singleClass: false);
        List<DrawnBox>[] images = [.. Enumerable.Range(0, (int)batch.Images.shape[0]).Select(_ => new List<DrawnBox>())];
        for (int image = 0; image < images.Length; image++)
        {
            ReadOnlySpan<float> boxes = labels.Boxes(image);
            ReadOnlySpan<int> classes = labels.Classes(image);
            for (int i = 0; i < classes.Length; i++)
            {
                ReadOnlySpan<float> box = boxes.Slice(4 * i, 4);
                images[image].Add(new DrawnBox(box[0], box[1], box[2], box[3], classes[i], classNames[classes[i]]));
            }
        }
        return images;
    }

    private List<DrawnBox> Boxes(Detections detections)
    {
        List<DrawnBox> boxes = [];
        for (int i = 0; i < detections.Count; i++)
        {
            if (detections.Confidence(i) <= PredictionConfidence) continue;
            ReadOnlySpan<float> box = detections.Box(i);
            int id = detections.ClassId(i);
            boxes.Add(new DrawnBox(box[0], box[1], box[2], box[3], id, classNames[id], detections.Confidence(i)));
        }
        return boxes;
    }
}
