using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Torch;

namespace YoloTune.Files.Inspection;

/// <summary>A .safetensors file: one header, and data of which every byte belongs to exactly one tensor.</summary>
internal static class SafeTensorsInspection
{
    public static void Inspect(SafeFileHandle handle, string path, InspectionNotes notes)
    {
        long length = RandomAccess.GetLength(handle);
        notes.UncheckedBytes = length;
        try
        {
            (SafeTensorsHeader header, long data) = SafeTensorsFile.ReadHeader(
                handle, path, (kind, reason, tensor) =>
                    notes.Suspicion(tensor is null ? "header" : $"tensor {InspectionNotes.Cut(tensor)}", kind, tensor ?? "", reason));
            notes.Tensors.AddRange(header.Entries.Select(entry => new CheckpointTensor(
                InspectionNotes.Cut(entry.Name), entry.Type.ToString().ToLowerInvariant(), entry.Shape)));
            notes.Metadata = header.Metadata;
            if (header.Checksum is not null) notes.UncheckedBytes = 0;
            try
            {
                SafeTensorsFile.VerifyChecksum(handle, header, data, path);
            }
            catch (ModelFormatException)
            {
                notes.Suspicion("metadata " + FileChecksum.Key, "checksum", "",
                    "the file is not as YoloTune wrote it: its checksum differs.");
            }
        }
        catch (ModelFormatException exception)
        {
            notes.Fail(exception.Message);
        }
    }
}
