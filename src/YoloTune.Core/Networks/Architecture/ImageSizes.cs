namespace YoloTune.Networks.Architecture;

/// <summary>The image size of a model, where none is asked for.</summary>
public static class ImageSizes
{
    /// <summary>The size of detectors, in pixels.</summary>
    public const int Detection = 640;

    private const int Classification = 224;
    private const int Largest = 8192;

    /// <summary>The size of a task in pixels, as the reference trains and measures it.</summary>
    public static int DefaultOf(YoloTask task) => task == YoloTask.Classify ? Classification : Detection;

    /// <summary>
    /// The longer side in a recorded <c>imgsz</c>, a number or a list of rows and columns; null where it is neither, or out of range.
    /// </summary>
    public static int? Recorded(object? value) => value switch
    {
        long side when side is > 0 and <= Largest => (int)side,
        double side when side is >= 1 and <= Largest && side == Math.Floor(side) => (int)side,
        IEnumerable<object?> sides when sides.Select(Recorded).ToArray() is { Length: > 0 } all && all.All(side => side is not null) => all.Max(),
        _ => null,
    };
}
