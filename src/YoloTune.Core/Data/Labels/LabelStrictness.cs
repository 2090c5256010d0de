namespace YoloTune.Data.Labels;

/// <summary>What a bad row in a label file costs.</summary>
public enum LabelStrictness
{
    /// <summary>
    /// The row only: the image and its good rows are used. Only when no row is good is the image dropped too, for training on it would
    /// teach that its objects are background. A byte-order mark and blank lines are no fault.
    /// </summary>
    DropRow,

    /// <summary>
    /// The whole image, as the reference does; a byte-order mark and a line of blanks count as bad rows, and a box row among polygons
    /// is read as a polygon of two points.
    /// </summary>
    DropImage,
}
