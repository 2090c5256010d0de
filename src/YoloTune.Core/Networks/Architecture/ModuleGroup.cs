namespace YoloTune.Networks.Architecture;

/// <summary>How a row of a module is turned into a layer.</summary>
public enum ModuleGroup
{
    /// <summary>Scaled width; the block itself takes the repeats.</summary>
    ScaledRepeating,

    /// <summary>Scaled width; repeats are stacked.</summary>
    Scaled,

    /// <summary>Several inputs joined.</summary>
    Concat,

    /// <summary>Several outputs.</summary>
    Split,

    /// <summary>The outputs of splits added to the last input.</summary>
    Fuse,

    /// <summary>A detection-type head.</summary>
    DetectionHead,

    /// <summary>A head that joins its inputs along the channels.</summary>
    JoiningHead,

    /// <summary>As wide as its input.</summary>
    Same,
}
