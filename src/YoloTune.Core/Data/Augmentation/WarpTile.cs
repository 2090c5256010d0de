using YoloTune.Images;


namespace YoloTune.Data.Augmentation;

/// <summary>An image and its place on a canvas that is never drawn: the warp reads the tiles directly.</summary>
internal readonly record struct WarpTile(ImageBuffer Image, MosaicTile Place)
{
    /// <summary>A whole image at a place.</summary>
    public static WarpTile Whole(ImageBuffer image, int left, int top)
        => new(image, new MosaicTile(left, top, left, top, left + image.Width, top + image.Height));

    public bool Contains(int x, int y) => x >= Place.Left && x < Place.Right && y >= Place.Top && y < Place.Bottom;

    public uint Pixel(int x, int y) => Image.Pixels[(y - Place.OriginY) * Image.Width + (x - Place.OriginX)];
}
