namespace YoloTune.DatasetTools.Splitting;

/// <summary>What a split has of a class.</summary>
/// <param name="ClassId">The class.</param>
/// <param name="ClassName">Its name.</param>
/// <param name="Images">Images of the split with the class.</param>
/// <param name="Boxes">Boxes of the class in the split.</param>
/// <param name="ImageShare">Images divided by the images with the class in all splits, 0 to 1; null when there are none.</param>
/// <param name="BoxShare">Boxes divided by the boxes of the class in all splits, 0 to 1; null when there are none.</param>
public sealed record ClassShare(int ClassId, string ClassName, int Images, int Boxes, double? ImageShare, double? BoxShare)
{
    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{ClassName}: {Images} images, {Boxes} boxes");
}
