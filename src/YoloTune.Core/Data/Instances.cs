namespace YoloTune.Data;

/// <summary>The labelled objects of one image as a batch takes them.</summary>
/// <param name="Classes">The class id of each object.</param>
/// <param name="Boxes">Centre x, centre y, width, height of each object, divided by the image's width or height: [4 * objects].</param>
internal sealed record Instances(float[] Classes, float[] Boxes)
{
    /// <summary>No object.</summary>
    public static Instances None { get; } = new([], []);

    /// <summary>Number of objects.</summary>
    public int Count => Classes.Length;

    /// <summary>What the task adds to boxes and classes, by name; the same names in every image of a dataset.</summary>
    public IReadOnlyDictionary<string, TargetPart> Parts { get; init; } = NoParts;

    private static IReadOnlyDictionary<string, TargetPart> NoParts { get; } = new Dictionary<string, TargetPart>();

    /// <summary>The same objects in another order, without what the task adds.</summary>
    /// <param name="order">The indices of the objects.</param>
    public Instances Ordered(IReadOnlyList<int> order)
    {
        float[] classes = new float[order.Count], boxes = new float[4 * order.Count];
        for (int i = 0; i < order.Count; i++)
        {
            classes[i] = Classes[order[i]];
            Boxes.AsSpan(4 * order[i], 4).CopyTo(boxes.AsSpan(4 * i));
        }
        return new(classes, boxes);
    }
}
