using System.Text;
using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Files.Inspection;

/// <summary>
/// A tar archive: the format of torch 0.1, whose files are pickles and numbers, or one of another kind, which is no model file.
/// </summary>
internal static class TarInspection
{
    private const int Block = 512;
    private const int MostMembers = 100_000;

    private static readonly HashSet<string> TorchMembers = ["sys_info", "pickle", "storages", "tensors"];

    /// <summary>Inspects the archive; gives its format.</summary>
    public static CheckpointFormat Inspect(SafeFileHandle handle, FilePart part, InspectionNotes notes)
    {
        notes.UncheckedBytes = part.Length;
        HashSet<string> names = new(StringComparer.Ordinal);
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
            notes.Records.Add(name);
            Member(name, part.Slice(at, length), names, notes);
            long next = at + ((length + Block - 1) / Block * Block);
            Zeros(part, at + length, next, notes);
            at = next;
        }
        Zeros(part, at, part.Length, notes);
        if (names.Contains("pickle") && names.Contains("storages"))
        {
            Torch(handle, part, notes);
            return CheckpointFormat.TorchTar;
        }
        notes.Fail("This is a tar archive, not a model file.");
        return CheckpointFormat.Other;
    }

    private static void Member(string name, FilePart member, HashSet<string> names, InspectionNotes notes)
    {
        string plain = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        string place = $"record {InspectionNotes.Cut(name)}";
        if (!names.Add(plain)) notes.Suspicion(place, "duplicate", name, "two records have this name.");

        // The three others are read as a whole below, which needs all of them.
        if (plain == "sys_info") PickleRow.Inspect(member, place, notes);
        else if (!TorchMembers.Contains(plain))
        {
            notes.Suspicion(place, "record", name, "torch writes no such record.");
            HiddenContent.Inspect(member, place, notes, depth: 1);
        }
        else PickleRow.InspectHidden(member, place, notes, isLoose: true);
    }

    /// <summary>What lies between the members, and behind the last, is zeros.</summary>
    private static void Zeros(FilePart part, long begin, long end, InspectionNotes notes)
    {
        for (long at = begin; at < end; at += Block)
        {
            int other = part.Read(at, Math.Min(Block, end - at)).AsSpan().IndexOfAnyExcept((byte)0);
            if (other < 0) continue;
            string place = FormattableString.Invariant($"byte {at + other}");
            notes.Suspicion(place, "gap", "", "bytes stand where a tar archive has zeros.");
            HiddenContent.Inspect(part.Slice(at + other, end - at - other), place, notes, depth: 1);
            return;
        }
    }

    private static void Torch(SafeFileHandle handle, FilePart part, InspectionNotes notes)
    {
        PickleReport report = new();
        TarArchive archive = new(handle, part.Path, notes.Limits, report);
        try
        {
            object? root = archive.Read();
            if (report.Refusal is { } refusal) notes.Fail(refusal);
            notes.Tensors.AddRange(PickleTensorNames.Of(root));
            notes.Summary = ModelSummary.Of(root, notes.Metadata, notes.Limits, part.Path);
        }
        catch (ModelFormatException exception)
        {
            notes.Fail(exception.Message);
        }
        notes.Add(report, "pickle");
        TensorCheck.Inspect(report.Tensors, "pickle", notes);
        foreach ((string name, long at, long count) in archive.Left)
        {
            string place = FormattableString.Invariant($"record {name}, byte {at}");
            notes.Suspicion(place, "trailing", name, FormattableString.Invariant($"{count} bytes stand behind what it holds."));
            HiddenContent.Inspect(part.Slice(at, count), place, notes, depth: 1);
        }
    }
}
