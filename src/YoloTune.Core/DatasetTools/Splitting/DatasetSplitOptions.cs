using YoloTune.DatasetTools.Checks;


namespace YoloTune.DatasetTools.Splitting;

/// <summary>How a dataset is divided.</summary>
public sealed record DatasetSplitOptions
{
    /// <summary>The folder for the lists and the YAML, or for the copies; null takes the folder of the dataset.</summary>
    public string? Destination { get; init; }

    /// <summary>Fraction of the images that becomes val, 0 to below 1.</summary>
    public double Validation { get; init; } = 0.2;

    /// <summary>Fraction of the images that becomes test, 0 to below 1.</summary>
    public double Test { get; init; }

    /// <summary>The same seed divides the same images in the same way, wherever they lie.</summary>
    public long Seed { get; init; }

    /// <summary>The splits whose images are divided; empty takes all. Others stay as they are.</summary>
    public IReadOnlyList<string> Splits { get; init; } = [];

    /// <summary>
    /// The most bits by which the hashes of two images may differ that have to stay together (<see cref="ImageHash"/>); 0 keeps only equal
    /// files together.
    /// </summary>
    public int HashDistance { get; init; } = ImageHash.DefaultDistance;

    /// <summary>Copy images and labels into folders in place of writing lists.</summary>
    public bool Copy { get; init; }

    /// <summary>Replace files or splits that are there.</summary>
    public bool Force { get; init; }
}
