namespace YoloTune.DatasetTools.Conversion;

/// <summary>All that a source holds.</summary>
/// <param name="Format">Its format.</param>
/// <param name="Classes">Class names in the source's order.</param>
/// <param name="Images">Images with their boxes.</param>
/// <param name="Skipped">What was left out while reading.</param>
internal sealed record AnnotationSet(
    AnnotationFormat Format, IReadOnlyList<string> Classes, IReadOnlyList<AnnotatedImage> Images, List<SkippedItem> Skipped)
{
    /// <summary>The names of the keypoints by class; empty when the source has none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> KeypointNames { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>A set whose classes are those of its boxes, in alphabetical order.</summary>
    public static AnnotationSet Alphabetical(AnnotationFormat format, IReadOnlyList<AnnotatedImage> images, List<SkippedItem> skipped)
    {
        IEnumerable<string> classes = images.SelectMany(image => image.Boxes).Select(box => box.Class).Distinct();
        return new(format, [.. classes.Order(StringComparer.Ordinal)], images, skipped);
    }
}
