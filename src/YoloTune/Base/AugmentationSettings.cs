using System.Collections;

namespace YoloTune.Commands.Base;

#pragma warning disable IDE1006, CA1707 // Users type these names, which are the reference's, and tab completion offers them.

/// <summary>
/// Augmentation as users give it. It is a hashtable, and any hashtable will do; the properties are there because PowerShell completes the
/// keys of <c>@{ }</c> from them.
/// </summary>
public sealed class AugmentationSettings : Hashtable
{
    /// <summary>Nothing is set.</summary>
    public AugmentationSettings()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }

    /// <summary>Change of hue, 0 to 1.</summary>
    public object? hsv_h { get => this["hsv_h"]; set => this["hsv_h"] = value; }

    /// <summary>Change of saturation, 0 to 1.</summary>
    public object? hsv_s { get => this["hsv_s"]; set => this["hsv_s"] = value; }

    /// <summary>Change of brightness, 0 to 1.</summary>
    public object? hsv_v { get => this["hsv_v"]; set => this["hsv_v"] = value; }

    /// <summary>Rotation in degrees, 0 to 180.</summary>
    public object? degrees { get => this["degrees"]; set => this["degrees"] = value; }

    /// <summary>Shift as a fraction of the image, 0 to 1.</summary>
    public object? translate { get => this["translate"]; set => this["translate"] = value; }

    /// <summary>Change of size, 0 to 1.</summary>
    public object? scale { get => this["scale"]; set => this["scale"] = value; }

    /// <summary>Shear in degrees, 0 to 89.</summary>
    public object? shear { get => this["shear"]; set => this["shear"] = value; }

    /// <summary>Perspective, 0 to 0.01.</summary>
    public object? perspective { get => this["perspective"]; set => this["perspective"] = value; }

    /// <summary>Probability of turning upside down.</summary>
    public object? flipud { get => this["flipud"]; set => this["flipud"] = value; }

    /// <summary>Probability of mirroring.</summary>
    public object? fliplr { get => this["fliplr"]; set => this["fliplr"] = value; }

    /// <summary>Probability of swapping red and blue.</summary>
    public object? bgr { get => this["bgr"]; set => this["bgr"] = value; }

    /// <summary>Probability of a mosaic.</summary>
    public object? mosaic { get => this["mosaic"]; set => this["mosaic"] = value; }

    /// <summary>Probability of blending two images.</summary>
    public object? mixup { get => this["mixup"]; set => this["mixup"] = value; }

    /// <summary>Probability of pasting a part of another image.</summary>
    public object? cutmix { get => this["cutmix"]; set => this["cutmix"] = value; }

    /// <summary>Probability of pasting objects.</summary>
    public object? copy_paste { get => this["copy_paste"]; set => this["copy_paste"] = value; }

    /// <summary>Change of the size of batches, 0 to 0.95.</summary>
    public object? multi_scale { get => this["multi_scale"]; set => this["multi_scale"] = value; }

    /// <summary>How objects are pasted: flip or mixup.</summary>
    public object? copy_paste_mode { get => this["copy_paste_mode"]; set => this["copy_paste_mode"] = value; }

    /// <summary>Images in a mosaic: 4 or 9.</summary>
    public object? mosaic_n { get => this["mosaic_n"]; set => this["mosaic_n"] = value; }

    /// <summary>How images that are classified as a whole are varied: randaugment, autoaugment, augmix or none.</summary>
    public object? auto_augment { get => this["auto_augment"]; set => this["auto_augment"] = value; }

    /// <summary>Probability that a rectangle of an image that is classified as a whole becomes black.</summary>
    public object? erasing { get => this["erasing"]; set => this["erasing"] = value; }
}
