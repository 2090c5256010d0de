namespace YoloTune.Data;

/// <summary>What was done about a problem in a dataset.</summary>
public enum ProblemAction
{
    /// <summary>Nothing had to be changed; the problem is only told.</summary>
    Kept,

    /// <summary>The label row is not used; the image and its other rows are.</summary>
    RowDropped,

    /// <summary>The image and all its labels are not used.</summary>
    ImageDropped,

    /// <summary>The polygons are not used; the boxes are.</summary>
    PolygonsDropped,

    /// <summary>Files or keys that look as if they were meant are not read.</summary>
    NotRead,

    /// <summary>Training needs the split, and it cannot be used: it is missing, or nothing in it has a label.</summary>
    SplitUnusable,

    /// <summary>Training refuses the description.</summary>
    Refused,
}
