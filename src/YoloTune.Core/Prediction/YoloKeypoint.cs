namespace YoloTune.Prediction;

/// <summary>A keypoint of an object.</summary>
/// <param name="Name">Its name where the model knows it, otherwise its number from 0.</param>
/// <param name="X">Pixels of the original image from its left edge.</param>
/// <param name="Y">Pixels of the original image from its top edge.</param>
/// <param name="Confidence">How sure the model is that it can be seen, 0-1; null for a model that does not say.</param>
public sealed record YoloKeypoint(string Name, double X, double Y, double? Confidence)
{
    /// <summary>"nose (12.3, 45.6)".</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} ({X:0.0}, {Y:0.0})");
}
