namespace YoloTune.Evaluation;

/// <summary>How the images of one class were classified.</summary>
/// <param name="ClassId">The class.</param>
/// <param name="ClassName">Its name.</param>
/// <param name="Images">Images of it.</param>
/// <param name="Top1">Fraction of them whose best class is this one.</param>
/// <param name="Top5">Fraction of them that have this one among their five best classes.</param>
/// <param name="Precision">Fraction that is right of all images whose best class is this one; null where there is none.</param>
public sealed record ClassAccuracy(int ClassId, string ClassName, int Images, double Top1, double Top5, double? Precision)
{
    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{ClassName}: top-1 {Top1:0.000}");
}
