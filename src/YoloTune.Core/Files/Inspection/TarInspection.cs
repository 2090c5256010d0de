using System.Text;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Files.Inspection;

/// <summary>
/// A tar archive, of torch 0.1 or not. Its pickles are looked at; its tensors are not read by YoloTune, so that nothing more than that is
/// known of it.
/// </summary>
internal static class TarInspection
{
    private const int Block = 512;
    private const int MostMembers = 100_000;

    private static readonly HashSet<string> TorchMembers = ["sys_info", "pickle", "storages", "tensors"];

    /// <summary>Inspects the archive; gives its format.</summary>
    public static CheckpointFormat Inspect(FilePart part, InspectionNotes notes)
    {
        notes.UncheckedBytes = part.Length;
        HashSet<string> names = [];
        long at = 0;
        for (int i = 0; i < MostMembers && at <= part.Length - Block; i++)
        {
            byte[] header = part.Read(at, Block);
            if (!FileSignature.IsTar(header)) break;
            string name = Encoding.UTF8.GetString(header, 0, 100).TrimEnd('\0');
            long length = FileSignature.Octal(header.AsSpan(124, 12)) ?? -1;
            at += Block;
            if (length < 0 || length > part.Length - at)
            {
                notes.Fail(FormattableString.Invariant($"byte {at}: a member of the tar archive reaches beyond the end of the file."));
                break;
            }
            string plain = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
            names.Add(plain);
            notes.Records.Add(name);
            FilePart member = part.Slice(at, length);
            string place = $"record {InspectionNotes.Cut(name)}";
            if (TorchMembers.Contains(plain)) PickleRow.InspectHidden(member, place, notes, isLoose: true);
            else HiddenContent.Inspect(member, place, notes, depth: 1);
            at += (length + Block - 1) / Block * Block;
        }
        bool isTorch = names.Contains("pickle") && names.Contains("storages");
        notes.Fail(isTorch
            ? "This is a tar archive of torch 0.1, whose tensors are not read. Save it again with a later torch."
            : "This is a tar archive, not a model file.");
        return isTorch ? CheckpointFormat.TorchTar : CheckpointFormat.Other;
    }
}
