using YoloTune.Networks.Architecture;

namespace YoloTune.DatasetTools.Checks;

/// <summary>What a dataset is looked over for besides its problems.</summary>
public sealed record DatasetCheckOptions
{
    /// <summary>Long side of the images as the network will see them, in pixels; sizes of boxes are told at this size.</summary>
    public int ImageSize { get; init; } = ImageSizes.Usual;

    /// <summary>
    /// The most bits by which the hashes of two images of different splits may differ that are told as near copies
    /// (<see cref="ImageHash"/>); 0 finds equal files only.
    /// </summary>
    public int HashDistance { get; init; } = ImageHash.DefaultDistance;
}
