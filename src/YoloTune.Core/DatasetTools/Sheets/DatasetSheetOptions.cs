namespace YoloTune.DatasetTools.Sheets;

/// <summary>Which images of a dataset are shown.</summary>
public sealed record DatasetSheetOptions
{
    /// <summary>The splits; null for all.</summary>
    public IReadOnlyList<string>? Splits { get; init; }

    /// <summary>Class ids that have sheets of their own; null for sheets of all classes together.</summary>
    public IReadOnlyList<int>? Classes { get; init; }

    /// <summary>The most images, of each class where classes have sheets of their own.</summary>
    public int Count { get; init; } = 40;

    /// <summary>Which come first.</summary>
    public DatasetSort Sort { get; init; }
}
