namespace YoloTune.Networks.Architecture;

/// <summary>Sizes of images, as options and checkpoints have them.</summary>
public static class ImageSizes
{
    /// <summary>The longer side, in pixels, that most tasks are trained with; a task may have another.</summary>
    public const int Usual = 640;

    private const int Largest = 8192;

    /// <summary>
    /// The longer side in a recorded <c>imgsz</c>, a number or a list of rows and columns; null where it is neither, or out of range.
    /// </summary>
    public static int? Recorded(object? value) => value switch
    {
        long side when side is > 0 and <= Largest => (int)side,
        double side when side is >= 1 and <= Largest && side == Math.Floor(side) => (int)side,
        IEnumerable<object?> sides when sides.Select(Recorded).ToArray() is { Length: > 0 } all && all.All(side => side is not null)
            => all.Max(),
        _ => null,
    };
}
