namespace YoloTune.Prediction;

/// <summary>One object found on an image.</summary>
/// <param name="Path">The image.</param>
/// <param name="ClassId">The class.</param>
/// <param name="ClassName">Its name.</param>
/// <param name="Confidence">The score, 0-1.</param>
/// <param name="X1">Left edge in pixels of the original image.</param>
/// <param name="Y1">Top edge.</param>
/// <param name="X2">Right edge.</param>
/// <param name="Y2">Bottom edge.</param>
public sealed record YoloDetection(
    string Path, int ClassId, string ClassName, double Confidence, double X1, double Y1, double X2, double Y2)
{
    /// <summary>Width of the box in pixels of the original image.</summary>
    public double Width => X2 - X1;

    /// <summary>Height of the box in pixels of the original image.</summary>
    public double Height => Y2 - Y1;

    /// <summary>The keypoints, in the order of the dataset; null for a model without them.</summary>
    public IReadOnlyList<YoloKeypoint>? Keypoints { get; init; }

    /// <summary>
    /// The four corners of an oriented box, in pixels of the original image, which they may lie outside of; null for an upright box. X1 to
    /// Y2 are then the upright box around them.
    /// </summary>
    public IReadOnlyList<ImagePoint>? Corners { get; init; }

    /// <summary>
    /// The angle of an oriented box in radians, from the x axis to its first side, which joins the second and the third corner: clockwise
    /// on
    /// the screen, from -pi/4 to below 3/4 pi. Null for an upright box.
    /// </summary>
    public double? Angle { get; init; }

    /// <summary>The longer side, in pixels, that the image was fitted into for the network.</summary>
    public int ImageSize { get; init; }

    /// <summary>Where the object is, pixel by pixel; null for a task without masks.</summary>
    public YoloMask? Mask { get; init; }

    /// <summary>The class, the score and the box in one line.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{ClassName} {Confidence:0.00} ({X1:0}, {Y1:0}) - ({X2:0}, {Y2:0})");
}
