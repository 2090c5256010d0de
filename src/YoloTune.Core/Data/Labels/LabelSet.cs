namespace YoloTune.Data.Labels;

/// <summary>The labels of one image, all coordinates divided by the image's width or height.</summary>
public sealed record LabelSet
{
    /// <summary>No labels: a background image.</summary>
    public static LabelSet Empty { get; } = new() { Classes = [], Boxes = [] };

    /// <summary>The class id of each box.</summary>
    public required IReadOnlyList<float> Classes { get; init; }

    /// <summary>Centre x, centre y, width, height of each box.</summary>
    public required IReadOnlyList<LabelBox> Boxes { get; init; }

    /// <summary>The outline of each box as x, y pairs, or null when the file has boxes only.</summary>
    public IReadOnlyList<float[]>? Polygons { get; init; }

    /// <summary>Number of boxes.</summary>
    public int Count => Classes.Count;
}
