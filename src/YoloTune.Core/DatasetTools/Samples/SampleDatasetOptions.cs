using YoloTune.Networks;

namespace YoloTune.DatasetTools.Samples;

/// <summary>What a drawn dataset is like.</summary>
public sealed record SampleDatasetOptions
{
    /// <summary>What models for the dataset predict; null for boxes.</summary>
    public NetworkTask? Task { get; init; }

    /// <summary>Images of all splits together.</summary>
    public int Count { get; init; } = 100;

    /// <summary>The classes; a name that is a shape's gets that shape, others get the shapes left over, in order.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = ["circle", "square", "triangle", "star"];

    /// <summary>The seed; one seed always gives one dataset.</summary>
    public long Seed { get; init; }

    /// <summary>Width and height of the images in pixels.</summary>
    public int ImageSize { get; init; } = 320;

    /// <summary>The fraction of images in the validation split; it gets at least one image when there are two.</summary>
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>Objects of an image at most; at least one.</summary>
    public int LargestObjectCount { get; init; } = 5;

    /// <summary>Whether images are PNG files; otherwise JPEG.</summary>
    public bool Png { get; init; }

    /// <summary>Whether an existing dataset in the folder is written over.</summary>
    public bool Force { get; init; }
}
