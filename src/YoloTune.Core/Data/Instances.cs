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
}
