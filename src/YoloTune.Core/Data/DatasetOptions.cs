using YoloTune.Data.Labels;


namespace YoloTune.Data;

/// <summary>How a split is opened.</summary>
public sealed record DatasetOptions
{
    /// <summary>The smallest side of an image that is used, in pixels, as in the reference.</summary>
    public const int SmallestSide = 10;

    /// <summary>The names of the classes where all are taken for one.</summary>
    internal static readonly string[] SingleClassNames = ["item"];

    /// <summary>What the task's labels are.</summary>
    internal TaskLabels Labels { get; init; } = TaskLabels.Boxes;

    /// <summary>What a bad label row costs: the row (default), or the whole image as in the reference.</summary>
    public LabelStrictness Strictness { get; init; } = LabelStrictness.DropRow;

    /// <summary>Whether all classes become one, named <c>item</c> (<c>single_cls</c>).</summary>
    public bool SingleClass { get; init; }

    /// <summary>The model's class for each class of the dataset; boxes of classes without one are left out. Null keeps the ids.</summary>
    public ClassMapping? Mapping { get; init; }

    /// <summary>
    /// Keep only boxes of these classes, after the mapping; ids stay as they are, and an image may become a background (<c>classes</c>).
    /// </summary>
    public IReadOnlySet<int>? Classes { get; init; }

    /// <summary>Use only the first part of the sorted images, 0 to 1 (<c>fraction</c>).</summary>
    public double Fraction { get; init; } = 1;

    /// <summary>Whether every image is decoded, which finds damage inside a file too but takes much longer.</summary>
    public bool DecodeImages { get; init; }

    /// <summary>Images checked at the same time.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;
}
