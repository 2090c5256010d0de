namespace YoloTune.DatasetTools.Checks;

/// <summary>What a split holds.</summary>
public sealed record SplitReport
{
    /// <summary>train, val, test ...</summary>
    public required string Split { get; init; }

    /// <summary>Images that can be used.</summary>
    public required int Images { get; init; }

    /// <summary>Images that cannot be used.</summary>
    public required int ImagesDropped { get; init; }

    /// <summary>Boxes.</summary>
    public required int Instances { get; init; }

    /// <summary>Usable images without a box, with or without a label file.</summary>
    public required int Backgrounds { get; init; }

    /// <summary>Usable images without a label file.</summary>
    public required IReadOnlyList<string> ImagesWithoutLabels { get; init; }

    /// <summary>Label files without an image.</summary>
    public required IReadOnlyList<string> LabelsWithoutImage { get; init; }

    /// <summary>Boxes of each class, by class id.</summary>
    public required IReadOnlyList<int> ClassInstances { get; init; }

    /// <summary>Images with each class, by class id.</summary>
    public required IReadOnlyList<int> ClassImages { get; init; }

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Split}: {Images} images, {Instances} boxes");
}
