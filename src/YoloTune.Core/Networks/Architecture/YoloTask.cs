namespace YoloTune.Networks.Architecture;

/// <summary>What a model's head predicts.</summary>
public enum YoloTask
{
    /// <summary>Boxes with classes.</summary>
    Detect,

    /// <summary>Boxes, classes and a mask each.</summary>
    Segment,

    /// <summary>Boxes, classes and keypoints.</summary>
    Pose,

    /// <summary>Oriented boxes.</summary>
    Obb,

    /// <summary>One class for the whole image.</summary>
    Classify,
}
