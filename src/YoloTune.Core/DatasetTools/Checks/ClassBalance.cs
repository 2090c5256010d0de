namespace YoloTune.DatasetTools.Checks;

/// <summary>How much of a dataset a class is.</summary>
/// <param name="ClassId">The class.</param>
/// <param name="ClassName">Its name.</param>
/// <param name="Images">Images with the class, in all splits.</param>
/// <param name="Boxes">Boxes of the class, in all splits.</param>
/// <param name="Share">Boxes divided by the boxes of all classes, 0 to 1; 0 when there is no box at all.</param>
/// <param name="Splits">The same for each split.</param>
public sealed record ClassBalance(int ClassId, string ClassName, int Images, int Boxes, double Share, IReadOnlyList<ClassInSplit> Splits)
{
    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{ClassName}: {Images} images, {Boxes} boxes");
}
