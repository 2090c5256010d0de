namespace YoloTune.DatasetTools.Conversion;

/// <summary>What a conversion has written, and what it has left out.</summary>
public sealed record ConversionResult
{
    /// <summary>The full path of the dataset's data.yaml.</summary>
    public required string Path { get; init; }

    /// <summary>The format of each source, in their order.</summary>
    public required IReadOnlyList<AnnotationFormat> Formats { get; init; }

    /// <summary>The splits written now; others that were there before are not counted.</summary>
    public required IReadOnlyList<ConvertedSplit> Splits { get; init; }

    /// <summary>Class names by id.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Boxes that reached beyond their image and were cut at its edge.</summary>
    public required int Clipped { get; init; }

    /// <summary>Images that were annotated at another size of the same shape; their boxes are scaled.</summary>
    public required int Rescaled { get; init; }

    /// <summary>Objects with a box only, whose four corners stand for the outline that was asked for.</summary>
    public int BoxOutlines { get; init; }

    /// <summary>Everything that was left out, with file, line and reason.</summary>
    public required IReadOnlyList<SkippedItem> Skipped { get; init; }

    /// <summary>Images written.</summary>
    public int Images => Splits.Sum(split => split.Images);

    /// <summary>Boxes written.</summary>
    public int Boxes => Splits.Sum(split => split.Boxes);

    /// <summary>Images without a box.</summary>
    public int Backgrounds => Splits.Sum(split => split.Backgrounds);

    /// <summary>How often something was left out, by reason.</summary>
    public IReadOnlyList<SkipCount> SkippedByReason => Skipped.GroupBy(item => item.Reason).OrderBy(group => group.Key)
        .Select(group => new SkipCount(group.Key, group.Count(), group.First())).ToArray();

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Path}: {Images} images, {Boxes} boxes, {Skipped.Count} left out");
}

/// <summary>How often something was left out for one reason.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Count">How often.</param>
/// <param name="First">The first of them.</param>
public sealed record SkipCount(SkipReason Reason, int Count, SkippedItem First)
{
    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Count} {Reason}");
}
