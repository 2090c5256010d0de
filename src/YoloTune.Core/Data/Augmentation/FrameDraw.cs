namespace YoloTune.Data.Augmentation;

/// <summary>What was drawn for one image up to and with the affine change.</summary>
/// <param name="Image">The image's index in the dataset.</param>
/// <param name="Mosaic">The mosaic, or null for the image alone, letterboxed.</param>
/// <param name="Perspective">The affine or perspective change.</param>
internal sealed record FrameDraw(int Image, MosaicDraw? Mosaic, PerspectiveDraw Perspective);
