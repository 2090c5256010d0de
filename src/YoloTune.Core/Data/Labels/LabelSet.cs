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

    /// <summary>
    /// The keypoints of each box as x, y, visibility (0 not labelled, 1 hidden, 2 visible); null when the file has none.
    /// </summary>
    public IReadOnlyList<float[]>? Keypoints { get; init; }

    /// <summary>How many of <see cref="Polygons"/> are the corners of a box, because the row was one.</summary>
    public int BoxRows { get; init; }

    /// <summary>Number of boxes.</summary>
    public int Count => Classes.Count;

    /// <summary>Some of the labels, in the order of the indices.</summary>
    internal LabelSet Select(IReadOnlyList<int> indices) => this with
    {
        Classes = [.. indices.Select(i => Classes[i])],
        Boxes = [.. indices.Select(i => Boxes[i])],
        Polygons = Polygons is { } polygons ? [.. indices.Select(i => polygons[i])] : null,
        Keypoints = Keypoints is { } keypoints ? [.. indices.Select(i => keypoints[i])] : null,
    };
}
