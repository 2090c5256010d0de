namespace YoloTune.Prediction;

/// <summary>A class and its probability.</summary>
/// <param name="ClassId">The class.</param>
/// <param name="ClassName">Its name.</param>
/// <param name="Confidence">Its probability, 0-1.</param>
public sealed record ClassScore(int ClassId, string ClassName, double Confidence)
{
    /// <summary>Name and probability, such as "dog 0.92".</summary>
    public override string ToString() => FormattableString.Invariant($"{ClassName} {Confidence:0.00}");
}
