using YoloTune.Data.Labels;


namespace YoloTune.Data;

/// <summary>An image of a dataset with its labels.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Height">Rows as displayed (EXIF orientation applied).</param>
/// <param name="Width">Columns as displayed (EXIF orientation applied).</param>
/// <param name="Labels">The boxes; none for a background image.</param>
/// <param name="HasLabelFile">Whether a label file is there, even an empty one.</param>
public sealed record DatasetImage(string Path, int Height, int Width, LabelSet Labels, bool HasLabelFile)
{
    /// <summary>Height divided by width.</summary>
    public double Aspect => Height / (double)Width;
}
