using System.Text;
using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Files.Torch;

/// <summary>The checksum of a .pt that YoloTune wrote, which stands in its record yolotune.json.</summary>
internal static class ArchiveChecksum
{
    /// <summary>Checks a whole archive against the checksum that it carries; one of another program has none.</summary>
    /// <param name="handle">The file.</param>
    /// <param name="zip">Its directory.</param>
    /// <param name="name">The name of the record with the metadata.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="ModelFormatException">It is not as it was written.</exception>
    public static void Verify(SafeFileHandle handle, ZipDirectory zip, string name, string path)
    {
        if (!zip.Records.TryGetValue(name, out ZipRecord? record)) return;
        byte[] content = zip.Read(record, PickleLimits.Default.MaxStringBytes);
        if (FileChecksum.TakeFrom(CheckpointReader.ParseMetadata(content, path)) is not { } checksum) return;

        // The checksum is part of the record, and so the record's CRC-32 depends on it: both count as zeros.
        int at = content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(checksum));
        FileChecksum.Verify(handle, checksum, at < 0 ? at : zip.OffsetOf(record) + at, ZipDirectory.CrcFields(record), path);
    }
}
