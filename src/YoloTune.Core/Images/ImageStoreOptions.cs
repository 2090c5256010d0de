namespace YoloTune.Images;

/// <summary>How an <see cref="ImageStore"/> decodes and what it keeps.</summary>
internal sealed record ImageStoreOptions
{
    /// <summary>The longer side of every image after loading, in pixels; null leaves images as they are.</summary>
    public required int? ImageSize { get; init; }

    /// <summary>Where images are kept.</summary>
    public ImageCacheMode Cache { get; init; }

    /// <summary>
    /// The most bytes to keep; null takes a quarter of the memory available to the process for <see cref="ImageCacheMode.Memory"/> and
    /// half of the free space for <see cref="ImageCacheMode.Disk"/>.
    /// </summary>
    public long? CacheBytes { get; init; }

    /// <summary>The folder of the disk cache; null makes one under the temporary folder, which goes with the store.</summary>
    public string? CacheDirectory { get; init; }
}
