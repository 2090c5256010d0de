namespace YoloTune.Files.Torch;

/// <summary>Where the bytes of a storage lie in the file.</summary>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">The number of bytes.</param>
internal readonly record struct StorageRange(long Offset, long Length);
