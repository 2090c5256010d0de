namespace YoloTune.Files.Torch;

/// <summary>A record of a zip archive, as its central directory describes it.</summary>
/// <param name="Name">The name with its folders.</param>
/// <param name="HeaderOffset">Where its local header stands in the file.</param>
/// <param name="EntryOffset">Where its entry of the directory stands in the file.</param>
/// <param name="Length">The bytes of its content.</param>
/// <param name="Crc">The CRC-32 of its content.</param>
/// <param name="Refusal">Why its content cannot be read, or null.</param>
internal sealed record ZipRecord(string Name, long HeaderOffset, long EntryOffset, long Length, uint Crc, string? Refusal);
