namespace YoloTune.Images;

/// <summary>Where decoded and resized training images are kept.</summary>
public enum ImageCacheMode
{
    /// <summary>Only the images used last, up to <see cref="ImageStore.RecentBytes"/>.</summary>
    None,

    /// <summary>In memory, up to a stated bound; what goes beyond it is decoded each time.</summary>
    Memory,

    /// <summary>In files, up to a stated bound.</summary>
    Disk,
}
