using YoloTune.Data.Augmentation;
using YoloTune.Data.Images;

namespace YoloTune.Training.Run;

/// <summary>All that a run is started with besides the model.</summary>
public sealed record RunOptions
{
    /// <summary>The dataset's YAML file, or the folder that holds it.</summary>
    public required string Data { get; init; }

    /// <summary>The run's folder; when it is taken, a number is put behind it: runs/train, runs/train2.</summary>
    public string OutputPath { get; init; } = Path.Combine("runs", "train");

    /// <summary>How the model is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How images are varied.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Where decoded images are kept.</summary>
    public ImageCacheMode Cache { get; init; }

    /// <summary>The most bytes to keep; null for the default of the mode.</summary>
    public long? CacheBytes { get; init; }

    /// <summary>The name of the stage that is trained; it stands in every epoch's record.</summary>
    public string Stage { get; init; } = "train";
}
