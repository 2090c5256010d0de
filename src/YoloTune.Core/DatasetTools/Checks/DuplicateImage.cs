namespace YoloTune.DatasetTools.Checks;

/// <summary>
/// An image that stands in two splits, as the same file or as nearly the same picture: what is measured on it was learned on it.
/// </summary>
/// <param name="FirstSplit">A split.</param>
/// <param name="FirstPath">The image in it.</param>
/// <param name="SecondSplit">The other split.</param>
/// <param name="SecondPath">The image in it; the same file when both splits name it.</param>
/// <param name="Distance">0 for equal files, otherwise the bits, of 512, by which the hashes of the pictures differ.</param>
public sealed record DuplicateImage(string FirstSplit, string FirstPath, string SecondSplit, string SecondPath, int Distance = 0)
{
    /// <summary>Whether the files are equal, byte for byte.</summary>
    public bool IsExact => Distance == 0;

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{FirstSplit}: {FirstPath} and {SecondSplit}: {SecondPath}");
}
