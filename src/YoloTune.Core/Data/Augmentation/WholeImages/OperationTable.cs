namespace YoloTune.Data.Augmentation.WholeImages;

/// <summary>How strong each operation is at each of a number of levels.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Magnitudes">The magnitude of each level; empty for an operation without strength.</param>
/// <param name="Signed">Whether the magnitude is negated in half of the cases.</param>
internal sealed record OperationRange(ImageOperation Operation, float[] Magnitudes, bool Signed)
{
    /// <summary>The magnitude of a level; 0 for an operation without strength.</summary>
    public float At(int level) => Magnitudes.Length == 0 ? 0 : Magnitudes[level];
}

/// <summary>The tables of operations of the three kinds of automatic augmentation.</summary>
internal static class OperationTable
{
    private const float Shear = 0.3f, Degrees = 30, Enhancement = 0.9f;
    private const int Bins = 10, RandBins = 31;

    /// <summary>The fourteen operations of RandAugment for images of a size, in the order they are chosen from.</summary>
    public static IReadOnlyList<OperationRange> RandAugment(int height, int width) =>
    [
        Plain(ImageOperation.Identity),
        .. Geometry(RandBins, height, width, 150 / 331.0),
        .. Enhancements(RandBins),
        Bits(RandBins, level => 8 - (int)Math.Round(level / ((RandBins - 1) / 4.0))),
        new(ImageOperation.Solarize, Line(255, 0, RandBins), false),
        Plain(ImageOperation.AutoContrast),
        Plain(ImageOperation.Equalize),
    ];

    /// <summary>The operations of AutoAugment.</summary>
    public static IReadOnlyList<OperationRange> AutoAugment(int height, int width) =>
    [
        .. Geometry(Bins, height, width, 150 / 331.0),
        .. Enhancements(Bins),
        Bits(Bins, level => 8 - (int)Math.Round(level / ((Bins - 1) / 4.0))),
        new(ImageOperation.Solarize, Line(255, 0, Bins), false),
        Plain(ImageOperation.AutoContrast),
        Plain(ImageOperation.Equalize),
        Plain(ImageOperation.Invert),
    ];

    /// <summary>The thirteen operations of AugMix, in the order they are chosen from.</summary>
    public static IReadOnlyList<OperationRange> AugMix(int height, int width) =>
    [
        .. Geometry(Bins, height, width, 1 / 3.0),
        Bits(Bins, level => 4 - (int)Math.Round(level / ((Bins - 1) / 4.0))),
        new(ImageOperation.Solarize, Line(255, 0, Bins), false),
        Plain(ImageOperation.AutoContrast),
        Plain(ImageOperation.Equalize),
        .. Enhancements(Bins),
    ];

    private static OperationRange[] Geometry(int bins, int height, int width, double shift) =>
    [
        new(ImageOperation.ShearX, Line(0, Shear, bins), true),
        new(ImageOperation.ShearY, Line(0, Shear, bins), true),
        new(ImageOperation.TranslateX, Line(0, (float)(shift * width), bins), true),
        new(ImageOperation.TranslateY, Line(0, (float)(shift * height), bins), true),
        new(ImageOperation.Rotate, Line(0, Degrees, bins), true),
    ];

    private static OperationRange[] Enhancements(int bins) =>
    [
        new(ImageOperation.Brightness, Line(0, Enhancement, bins), true),
        new(ImageOperation.Color, Line(0, Enhancement, bins), true),
        new(ImageOperation.Contrast, Line(0, Enhancement, bins), true),
        new(ImageOperation.Sharpness, Line(0, Enhancement, bins), true),
    ];

    private static OperationRange Plain(ImageOperation operation) => new(operation, [], false);

    private static OperationRange Bits(int bins, Func<int, int> bits) =>
        new(ImageOperation.Posterize, [.. Enumerable.Range(0, bins).Select(level => (float)bits(level))], false);

    /// <summary>Evenly spaced numbers in single precision, each half of them counted from its own end.</summary>
    private static float[] Line(float start, float end, int count)
    {
        float step = (end - start) / (count - 1);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = i < count / 2
            ? MathF.FusedMultiplyAdd(step, i, start) : MathF.FusedMultiplyAdd(-step, count - 1 - i, end);
        return values;
    }
}
