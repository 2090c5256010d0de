namespace YoloTune.Data.Augmentation;

/// <summary>Where the objects come from that copy-paste adds.</summary>
public enum CopyPasteMode
{
    /// <summary>From the mirrored image itself.</summary>
    Flip,

    /// <summary>From a second image.</summary>
    MixUp,
}
