using YoloTune.Data.Labels;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>How annotations are converted.</summary>
public sealed record ConversionOptions
{
    /// <summary>What to convert.</summary>
    public required IReadOnlyList<ConversionSource> Sources { get; init; }

    /// <summary>The folder of the dataset; made when it is not there, added to when it holds a dataset.</summary>
    public required string Destination { get; init; }

    /// <summary>The format; null finds it out from the content.</summary>
    public AnnotationFormat? Format { get; init; }

    /// <summary>What the rows of the label files will hold.</summary>
    public LabelRowKind Rows { get; init; }

    /// <summary>Folders to look for images in, sub-folders included; empty looks where the format usually has them.</summary>
    public IReadOnlyList<string> ImagePaths { get; init; } = [];

    /// <summary>The classes and their order; empty takes those of the annotations.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>Make symbolic links to the images in place of copies.</summary>
    public bool Link { get; init; }

    /// <summary>VOC corners count from 0 and are edges, not pixels that belong to the box.</summary>
    public bool ZeroBased { get; init; }

    /// <summary>Keep VOC and DOTA objects marked difficult.</summary>
    public bool IncludeDifficult { get; init; }

    /// <summary>Make images that no annotation names background images with an empty label file.</summary>
    public bool IncludeBackground { get; init; }

    /// <summary>Replace splits that are there.</summary>
    public bool Force { get; init; }
}
