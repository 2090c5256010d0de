namespace YoloTune.DatasetTools.Checks;

/// <summary>What a split has of a class.</summary>
/// <param name="Split">The split.</param>
/// <param name="Images">Its images with the class.</param>
/// <param name="Boxes">Its boxes of the class.</param>
/// <param name="Share">Boxes divided by the boxes of the class in all splits, 0 to 1; null when there are none.</param>
public sealed record ClassInSplit(string Split, int Images, int Boxes, double? Share)
{
    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Split}: {Images} images, {Boxes} boxes");
}
