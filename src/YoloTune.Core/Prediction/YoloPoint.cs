namespace YoloTune.Prediction;

/// <summary>A place on an image.</summary>
/// <param name="X">Pixels of the original image from its left edge.</param>
/// <param name="Y">Pixels of the original image from its top edge.</param>
public readonly record struct YoloPoint(double X, double Y)
{
    /// <summary>"(12.3, 45.6)".</summary>
    public override string ToString() => FormattableString.Invariant($"({X:0.0}, {Y:0.0})");
}
