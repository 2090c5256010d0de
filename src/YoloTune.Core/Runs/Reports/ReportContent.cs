using YoloTune.Data;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Runs.Records;

namespace YoloTune.Runs.Reports;

/// <summary>What a report is written of.</summary>
internal sealed record ReportContent
{
    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>The run; null for a measurement alone.</summary>
    public TrainingRun? Run { get; init; }

    /// <summary>The measures of the model; null where nothing was measured.</summary>
    public YoloMetrics? Metrics { get; init; }

    /// <summary>The splits of the dataset that are known.</summary>
    public IReadOnlyList<ImageDataset> Splits { get; init; } = [];

    /// <summary>The description of the dataset, a path; empty where it is not known.</summary>
    public string Data { get; init; } = "";

    /// <summary>Why something is missing; empty where nothing is.</summary>
    public string Note { get; init; } = "";

    /// <summary>The lines between the keypoints of an object, by their number.</summary>
    public Func<int, IReadOnlyList<DrawnLine>?> Lines { get; init; } = _ => null;
}
