using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Data.Augmentation;

/// <summary>How training images are varied. Each property stands for the option of the reference that its summary names.</summary>
public sealed record AugmentationOptions
{
    /// <summary><c>hsv_h</c>: hue shift, as a fraction of the circle.</summary>
    public double HsvH { get; init; } = 0.015;

    /// <summary><c>hsv_s</c>: saturation gain, as a fraction.</summary>
    public double HsvS { get; init; } = 0.7;

    /// <summary><c>hsv_v</c>: brightness gain, as a fraction.</summary>
    public double HsvV { get; init; } = 0.4;

    /// <summary><c>degrees</c>: rotation to both sides.</summary>
    public double Degrees { get; init; }

    /// <summary><c>translate</c>: shift to all sides, as a fraction of the image.</summary>
    public double Translate { get; init; } = 0.1;

    /// <summary><c>scale</c>: gain around 1.</summary>
    public double Scale { get; init; } = 0.5;

    /// <summary><c>shear</c>: degrees to all sides.</summary>
    public double Shear { get; init; }

    /// <summary><c>perspective</c>: 0 to 0.001.</summary>
    public double Perspective { get; init; }

    /// <summary><c>flipud</c>: probability of an upside-down image.</summary>
    public double FlipUd { get; init; }

    /// <summary><c>fliplr</c>: probability of a mirrored image.</summary>
    public double FlipLr { get; init; } = 0.5;

    /// <summary><c>bgr</c>: probability that the colour channels come in the order B, G, R.</summary>
    public double Bgr { get; init; }

    /// <summary><c>mosaic</c>: probability that an item is made of several images.</summary>
    public double Mosaic { get; init; } = 1;

    /// <summary><c>mosaic_n</c>: images of a mosaic, 4 or 9.</summary>
    public int MosaicTiles { get; init; } = 4;

    /// <summary><c>mixup</c>: probability that an item is blended with another.</summary>
    public double MixUp { get; init; }

    /// <summary><c>cutmix</c>: probability that a rectangle of another item is pasted in.</summary>
    public double CutMix { get; init; }

    /// <summary><c>copy_paste</c>: fraction of the fitting objects that are pasted; needs polygons.</summary>
    public double CopyPaste { get; init; }

    /// <summary><c>copy_paste_mode</c>: where pasted objects come from.</summary>
    public CopyPasteMode CopyPasteMode { get; init; } = CopyPasteMode.Flip;

    /// <summary><c>multi_scale</c>: how far the size of a batch may differ from the image size, as a fraction.</summary>
    public double MultiScale { get; init; }

    /// <summary><c>auto_augment</c>: how images that are classified as a whole are varied automatically.</summary>
    public AutoAugmentKind AutoAugment { get; init; } = AutoAugmentKind.RandAugment;

    /// <summary><c>erasing</c>: probability that a rectangle of an image that is classified as a whole becomes black.</summary>
    public double Erasing { get; init; } = 0.4;

    /// <summary>No variation at all: letterboxed images as they are.</summary>
    public static AugmentationOptions None { get; } = new()
    {
        HsvH = 0, HsvS = 0, HsvV = 0, Translate = 0, Scale = 0, FlipLr = 0, Mosaic = 0,
        AutoAugment = AutoAugmentKind.None, Erasing = 0,
    };

    /// <summary>
    /// Whether an image of objects always makes the same item: nothing about it is random. What concerns images that are classified as a
    /// whole does not count.
    /// </summary>
    public bool IsOff => this with
    {
        MosaicTiles = None.MosaicTiles, CopyPasteMode = None.CopyPasteMode, AutoAugment = None.AutoAugment, Erasing = 0,
    } == None;

    /// <summary>These options for the last epochs: without mosaic, mixup, cutmix and copy-paste (<c>close_mosaic</c>).</summary>
    public AugmentationOptions WithoutMosaic() => this with { Mosaic = 0, MixUp = 0, CutMix = 0, CopyPaste = 0 };

    /// <summary>The names of all options, as the reference spells them.</summary>
    public static IReadOnlyCollection<string> Names => AugmentationNames.All;

    /// <summary>These options with one changed.</summary>
    /// <param name="name">The reference's name, in any case.</param>
    /// <param name="value">A number, or the name of a mode.</param>
    /// <exception cref="SelectionException">There is no such option, or the value is out of its range.</exception>
    public AugmentationOptions With(string name, object value) => AugmentationNames.Set(this, name, value);

    /// <summary>All options by the reference's names, in its order.</summary>
    public IReadOnlyDictionary<string, object> ToDictionary() => AugmentationNames.ToDictionary(this);

    /// <summary>Checks that every value is in its range.</summary>
    /// <exception cref="SelectionException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        AugmentationOptions check = this;
        foreach ((string name, object value) in ToDictionary())
            check = check.With(name, Convert.ToString(value, CultureInfo.InvariantCulture)!);
    }
}
