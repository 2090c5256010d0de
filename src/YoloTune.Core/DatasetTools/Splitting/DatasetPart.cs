namespace YoloTune.DatasetTools.Splitting;

/// <summary>A part that a dataset was divided into.</summary>
public sealed record DatasetPart
{
    /// <summary>The full path of the YAML that describes all parts.</summary>
    public required string Path { get; init; }

    /// <summary>train, val or test.</summary>
    public required string Split { get; init; }

    /// <summary>Its images.</summary>
    public required int Images { get; init; }

    /// <summary>Its boxes.</summary>
    public required int Boxes { get; init; }

    /// <summary>Its images without a box.</summary>
    public required int Backgrounds { get; init; }

    /// <summary>Its images divided by all images, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>The fraction that was asked for.</summary>
    public required double WantedShare { get; init; }

    /// <summary>Its images that had to stay together with others, because they are copies or nearly so.</summary>
    public required int Together { get; init; }

    /// <summary>Images of the largest group that had to stay together; 1 when there is none.</summary>
    public required int LargestGroup { get; init; }

    /// <summary>What it has of each class.</summary>
    public required IReadOnlyList<ClassShare> Classes { get; init; }

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Split}: {Images} images, {Boxes} boxes");
}
