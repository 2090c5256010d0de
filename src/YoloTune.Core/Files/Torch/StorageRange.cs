namespace YoloTune.Files.Torch;

/// <summary>Where the bytes of a storage lie in the file.</summary>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="Record">The record of the zip archive that they are; null in the old format, which has no checksums.</param>
internal readonly record struct StorageRange(long Offset, long Length, ZipRecord? Record = null);
