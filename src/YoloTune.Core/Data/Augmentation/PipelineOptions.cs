using YoloTune.Images;


namespace YoloTune.Data.Augmentation;

/// <summary>How training items are made.</summary>
internal sealed record PipelineOptions
{
    /// <summary>Side of an item in pixels; a multiple of the network's stride.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Images of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The run's seed.</summary>
    public long Seed { get; init; }

    /// <summary>How images are varied.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>A second dataset mixed in; null for none. It cannot be together with <see cref="Rect"/>.</summary>
    public ReplayOptions? Replay { get; init; }

    /// <summary>
    /// Augmented variants of each image, shown in turn epoch by epoch; null makes a new one every epoch.
    /// </summary>
    public int? Variants { get; init; }

    /// <summary>Batches of like aspects and without mosaic, mixup and cutmix (<c>rect</c>).</summary>
    public bool Rect { get; init; }

    /// <summary>The network's largest stride.</summary>
    public int Stride { get; init; } = 32;

    /// <summary>Where decoded images are kept.</summary>
    public ImageCacheMode Cache { get; init; }

    /// <summary>The most bytes to keep; null for the default of the mode.</summary>
    public long? CacheBytes { get; init; }

    /// <summary>The folder of the disk cache; null for a temporary one.</summary>
    public string? CacheDirectory { get; init; }
}
