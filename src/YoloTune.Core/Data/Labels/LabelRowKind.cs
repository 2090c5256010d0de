namespace YoloTune.Data.Labels;

/// <summary>What the rows of a task's label files hold.</summary>
public enum LabelRowKind
{
    /// <summary>A box; of a polygon or of keypoints only the box around them counts.</summary>
    Boxes,

    /// <summary>A polygon of three points or more; a box stands for the polygon of its corners.</summary>
    Polygons,

    /// <summary>The four corners of an oriented box; other polygons and boxes are read as those of <see cref="Polygons"/>.</summary>
    Corners,

    /// <summary>A box, then every keypoint, as the dataset's kpt_shape has them.</summary>
    Keypoints,
}
