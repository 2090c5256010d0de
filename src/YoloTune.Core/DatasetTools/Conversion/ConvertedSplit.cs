namespace YoloTune.DatasetTools.Conversion;

/// <summary>A split that a conversion has written.</summary>
/// <param name="Split">Its name.</param>
/// <param name="Images">Images, backgrounds included.</param>
/// <param name="Boxes">Boxes.</param>
/// <param name="Backgrounds">Images without a box.</param>
public sealed record ConvertedSplit(string Split, int Images, int Boxes, int Backgrounds)
{
    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Split}: {Images} images, {Boxes} boxes");
}
