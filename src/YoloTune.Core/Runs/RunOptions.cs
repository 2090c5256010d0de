using YoloTune.Runs.Stages;
using YoloTune.Training;


namespace YoloTune.Runs;

/// <summary>All that a run is started with besides the model.</summary>
public sealed record RunOptions
{
    /// <summary>The dataset's YAML file, or the folder that holds it.</summary>
    public required string Data { get; init; }

    /// <summary>A second dataset that is mixed in, so that what the model knows of its classes is not lost; null for none.</summary>
    public string? ReplayData { get; init; }

    /// <summary>Images of <see cref="ReplayData"/> an epoch shows for each image of <see cref="Data"/>.</summary>
    public double ReplayRatio { get; init; } = 1;

    /// <summary>The run's folder; when it is taken, a number is put behind it: runs/train, runs/train2.</summary>
    public string OutputPath { get; init; } = Path.Combine("runs", "train");

    /// <summary>How the model is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>The most bytes of decoded images to keep; null for the default of <see cref="TrainingOptions.Cache"/>.</summary>
    public long? CacheBytes { get; init; }

    /// <summary>
    /// The most bytes of <see cref="TrainingOptions.FeatureCache"/>; null takes a quarter of the memory, or half of what is free on the
    /// disk.
    /// </summary>
    public long? FeatureCacheBytes { get; init; }

    /// <summary>
    /// The stages, one after the other; their epochs together are those of the run. Empty for a run that is one stage.
    /// </summary>
    public IReadOnlyList<YoloStage> Stages { get; init; } = [];

    /// <summary>The recipe of a run without <see cref="Stages"/>.</summary>
    public TrainingPreset Preset { get; init; } = TrainingPreset.Plain;

    /// <summary>The name of the stage that is trained in a run without <see cref="Stages"/>; it stands in every epoch's record.</summary>
    public string Stage { get; init; } = "train";
}
