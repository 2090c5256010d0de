using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;
using YoloTune.Files;
using YoloTune.Files.Torch;

namespace YoloTune.Downloads;

/// <summary>Reads every record of a .pt against its CRC-32. Nothing in it is unpickled.</summary>
internal static class ArchiveCheck
{
    /// <summary>The number of records, all of which are whole.</summary>
    /// <exception cref="ModelFormatException">The file is no archive of torch.save, is cut short or damaged.</exception>
    public static int Verify(string path, CancellationToken cancellation)
    {
        using SafeFileHandle handle = ModelFile.Open(path);
        ZipDirectory zip = new(handle, path, PickleLimits.Default.MaxRecords);
        foreach (ZipRecord record in zip.Records.Values) zip.Verify(record, cancellation);
        return zip.Records.Count;
    }
}
