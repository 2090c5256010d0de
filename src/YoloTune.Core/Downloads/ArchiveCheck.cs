using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;
using YoloTune.Files;
using YoloTune.Files.Torch;

namespace YoloTune.Downloads;

/// <summary>Reads every record of a .pt against its CRC-32. Nothing in it is unpickled.</summary>
internal static class ArchiveCheck
{
    private const int BlockLength = 1 << 17;

    /// <summary>The number of records, all of which are whole.</summary>
    /// <exception cref="ModelFormatException">The file is no archive of torch.save, is cut short or damaged.</exception>
    public static int Verify(string path, CancellationToken cancellation)
    {
        using SafeFileHandle handle = ModelFile.Open(path);
        ZipDirectory zip = new(handle, path, PickleLimits.Default.MaxRecords);
        byte[] block = new byte[BlockLength];
        foreach (ZipRecord record in zip.Records.Values)
        {
            long offset = zip.OffsetOf(record);
            long end = offset + record.Length;
            uint crc = 0;
            while (offset < end)
            {
                cancellation.ThrowIfCancellationRequested();
                Span<byte> part = block.AsSpan(0, (int)Math.Min(BlockLength, end - offset));
                ModelFile.ReadExactly(handle, part, offset, path);
                crc = Crc32.Append(crc, part);
                offset += part.Length;
            }
            if (crc != record.Crc)
            {
                throw new ModelFormatException("the content does not fit its CRC-32.", path, $"record {record.Name}",
                    "The file is damaged; fetch it again.");
            }
        }
        return zip.Records.Count;
    }
}
