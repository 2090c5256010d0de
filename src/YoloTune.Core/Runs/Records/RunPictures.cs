using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Runs.Reports;
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
    public void ValidationBatch(EvaluatedBatch evaluated) => Measured.Batch(evaluated);

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
    public void Measures(YoloMetrics metrics) => Measured.Measures(metrics);

    /// <summary>report.html.</summary>
    public void Report(Func<ReportContent> content) => Draw(ReportPage.FileName, path => ReportPage.Save(content(), path));

    private MeasuredPictures Measured => field ??= new(task, classNames, "val", Draw);

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
