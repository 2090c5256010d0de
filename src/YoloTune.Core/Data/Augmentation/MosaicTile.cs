namespace YoloTune.Data.Augmentation;

/// <summary>Where an image stands on the mosaic's canvas: its own top-left corner, and the part of it that is seen, in pixels.</summary>
internal readonly record struct MosaicTile(int OriginX, int OriginY, int Left, int Top, int Right, int Bottom);
