namespace YoloTune.Data.Augmentation;

/// <summary>How images that are classified as a whole are varied automatically (<c>auto_augment</c>).</summary>
public enum AutoAugmentKind
{
    /// <summary>Not at all: hue, saturation and brightness are varied in place of it.</summary>
    None,

    /// <summary>Two operations of fourteen, each of a medium strength.</summary>
    RandAugment,

    /// <summary>One of 25 pairs of operations that were found to be good on ImageNet.</summary>
    AutoAugment,

    /// <summary>Three chains of weak operations, mixed with the image.</summary>
    AugMix,
}
