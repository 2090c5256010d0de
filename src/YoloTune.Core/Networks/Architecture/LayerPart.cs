namespace YoloTune.Networks.Architecture;

/// <summary>The part of a detector a layer belongs to.</summary>
public enum LayerPart
{
    /// <summary>The rows of the YAML's <c>backbone</c>: feature extraction.</summary>
    Backbone,

    /// <summary>The rows of the YAML's <c>head</c> before the last one: feature fusion.</summary>
    Neck,

    /// <summary>The last row: Detect, Segment, Pose, OBB or Classify.</summary>
    Head,
}
