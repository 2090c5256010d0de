namespace YoloTune.Prediction;

/// <summary>What class an image as a whole has.</summary>
/// <param name="Path">The image.</param>
/// <param name="Top5">The best classes, at most five, best first.</param>
public sealed record YoloClassification(string Path, IReadOnlyList<ClassScore> Top5)
{
    /// <summary>The name of the best class.</summary>
    public string Top1 => Top5[0].ClassName;

    /// <summary>The probability of the best class, 0-1.</summary>
    public double Top1Confidence => Top5[0].Confidence;

    /// <summary>The best class.</summary>
    public int ClassId => Top5[0].ClassId;

    /// <summary>The name of the best class, as <see cref="YoloDetection.ClassName"/> names that of an object.</summary>
    public string ClassName => Top1;

    /// <summary>The probability of the best class, as <see cref="YoloDetection.Confidence"/> of an object.</summary>
    public double Confidence => Top1Confidence;

    /// <summary>The side, in pixels, of the square that the network looked at.</summary>
    public int ImageSize { get; init; }

    /// <summary>The best classes in one line.</summary>
    public override string ToString() => string.Join(", ", Top5);
}
