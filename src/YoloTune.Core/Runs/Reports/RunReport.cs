using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Evaluation;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Runs.Records;
using YoloTune.Tasks;

namespace YoloTune.Runs.Reports;

/// <summary>Writes reports of runs and of measurements as one page of HTML.</summary>
public static class RunReport
{
    private static readonly string[] Shown = ["train", "val", "test"];

    /// <summary>Writes the report of a run. Its best weights are measured once more where weights and dataset are still there.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">The page to write.</param>
    /// <param name="progress">Receives how far the measurement is.</param>
    /// <param name="cancellation">Stops the measurement.</param>
    /// <returns>What the report lacks and why; empty where it lacks nothing.</returns>
    public static string Save(TrainingRun run, string path, IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        string data = run.Options.GetValueOrDefault("data") as string ?? "";
        ReportContent content = new() { Title = run.Name, Run = run, Data = data, Lines = YoloTask.LinesBetween };
        try
        {
            if (run.BestWeights is not { } weights)
                throw new TrainingException("the run has no weights any more.", run.Directory, remedy: "");
            using YoloModel model = ModelImporter.Import(weights);
            content = content with { Title = $"{run.Name}: {model}", Splits = SplitsOf(data, cancellation) };
            int? size = run.Options.GetValueOrDefault("imgsz") is long pixels ? (int)pixels : null;
            content = content with
            {
                Metrics = ModelEvaluation.Measure(model, data, new EvaluationOptions { ImageSize = size }, null, progress, cancellation),
            };
        }
        catch (YoloTuneException error)
        {
            content = content with { Note = $"There are no measures of single classes and images: {error.Message}" };
        }
        ReportPage.Save(content, path);
        return content.Note;
    }

    /// <summary>Writes the report of a measurement.</summary>
    /// <param name="metrics">The measurement.</param>
    /// <param name="path">The page to write.</param>
    /// <param name="cancellation">Stops the reading of the dataset.</param>
    public static void Save(YoloMetrics metrics, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        string name = metrics.Model.Length > 0 ? Path.GetFileName(metrics.Model) : "Measurement";
        ReportPage.Save(new()
        {
            Title = $"{name} on {metrics.Settings.Split}", Metrics = metrics, Data = metrics.Data, Lines = YoloTask.LinesBetween,
            Splits = SplitsOf(metrics.Data, cancellation),
        }, path);
    }

    /// <summary>The splits that can be read; none where the dataset is not there any more.</summary>
    private static ImageDataset[] SplitsOf(string data, CancellationToken cancellation)
    {
        if (data.Length == 0) return [];
        try
        {
            DatasetDescription description = DatasetDescription.Load(data);
            DatasetOptions reading = new() { Labels = description.OwnLabels };
            return [.. Shown.Where(description.HasSplit).Select(split =>
                ImageDataset.Inspect(description, split, reading, null, cancellation))];
        }
        catch (DatasetException)
        {
            return [];
        }
    }
}
