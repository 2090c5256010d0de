using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;
using YoloTune.Files.Onnx;
using YoloTune.Files.SafeTensors;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Files.Inspection;

/// <summary>
/// Looks into model files: what they contain, whether other programs would run something of it, and whether every byte is accounted for.
/// </summary>
public static class CheckpointInspector
{
    /// <summary>
    /// Inspects a file. Damage and hostile content are reported, not thrown; what is found before a file turns out to be damaged is in the
    /// report.
    /// </summary>
    /// <param name="path">A .pt, a .safetensors or an .onnx file.</param>
    /// <exception cref="ModelFormatException">The file is missing, empty or no model file.</exception>
    public static CheckpointReport Inspect(string path) => Inspect(path, PickleLimits.Default);

    /// <summary>The same, with limits on what reading may cost.</summary>
    internal static CheckpointReport Inspect(string path, PickleLimits limits)
    {
        using SafeFileHandle handle = ModelFile.Open(path);
        FilePart file = FilePart.Of(handle, path);
        InspectionNotes notes = new(limits);
        CheckpointFormat format = Inspect(handle, file, notes);

        // A name decides what a program takes a file for, and another takes it for what it begins like.
        if (notes.Problem is not null && format is CheckpointFormat.SafeTensors or CheckpointFormat.Onnx)
        {
            PickleRow.InspectHidden(file, "byte 0", notes, isLoose: true);
        }
        if (format != CheckpointFormat.TorchZip) Polyglot(file, notes);
        return notes.Report(path, format, file.Length);
    }

    private static CheckpointFormat Inspect(SafeFileHandle handle, FilePart file, InspectionNotes notes)
    {
        string path = file.Path;
        byte[] start = file.Start(FileSignature.Length);
        bool hasExtension(string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);
        if (TorchArchive.IsZip(start))
        {
            Archive(handle, file, notes);
            return CheckpointFormat.TorchZip;
        }
        if (TorchArchive.IsLegacy(start))
        {
            object? root = LegacyInspection.Inspect(file, notes);
            notes.Summary = ModelSummary.Of(root, notes.Metadata, notes.Limits, path);
            return CheckpointFormat.TorchLegacy;
        }
        if (FileSignature.IsTar(start)) return TarInspection.Inspect(handle, file, notes);
        if (FileSignature.Of(start) is { } kind)
        {
            notes.UncheckedBytes = file.Length;
            if (FileSignature.IsNumpy(start)) NumpyInspection.Inspect(file, "byte 0", notes);
            notes.Fail($"This is {kind}, not a model file.");
            return CheckpointFormat.Other;
        }
        if (hasExtension(".onnx"))
        {
            OnnxInspection.Inspect(handle, path, notes);
            notes.Summary = ModelSummary.OfOnnx(notes.Metadata, path);
            return CheckpointFormat.Onnx;
        }
        if (SafeTensorsFile.LooksLikeOne(start, file.Length) || hasExtension(".safetensors"))
        {
            SafeTensorsInspection.Inspect(handle, path, notes);
            notes.Summary = ModelSummary.Of(notes.Metadata, path);
            return CheckpointFormat.SafeTensors;
        }
        return Pickle(file, start, notes);
    }

    private static void Archive(SafeFileHandle handle, FilePart file, InspectionNotes notes)
    {
        ArchiveInspection archive = new(file, notes);
        archive.Inspect();
        if (archive.Read(CheckpointMetadata.RecordName, notes.Limits.MaxStringBytes) is { } record) Metadata(record, file, notes);
        notes.Summary = ModelSummary.Of(archive.Root, notes.Metadata, notes.Limits, file.Path);
        if (notes.Problem is not null || notes.Findings.Count > 0) return;
        try
        {
            ZipDirectory zip = new(handle, file.Path, notes.Limits.MaxRecords);
            string? name =
                zip.Records.Keys.FirstOrDefault(name => name.EndsWith("/" + CheckpointMetadata.RecordName, StringComparison.Ordinal));
            if (name is not null) ArchiveChecksum.Verify(handle, zip, name, file.Path);
        }
        catch (ModelFormatException exception)
        {
            notes.Suspicion("metadata " + FileChecksum.Key, "checksum", "", exception.Message);
        }
    }

    private static void Metadata(byte[] record, FilePart file, InspectionNotes notes)
    {
        try
        {
            notes.Metadata = CheckpointReader.ParseMetadata(record, file.Path);
            FileChecksum.TakeFrom(notes.Metadata);
        }
        catch (ModelFormatException exception)
        {
            notes.Suspicion($"record {CheckpointMetadata.RecordName}", "record", CheckpointMetadata.RecordName, exception.Message);
        }
    }

    /// <summary>Any other file as a bare pickle. One that neither is a pickle nor names anything dangerous is no model file.</summary>
    private static CheckpointFormat Pickle(FilePart file, byte[] start, InspectionNotes notes)
    {
        notes.UncheckedBytes = file.Length;
        object? root = PickleRow.Inspect(file, "pickle", notes);
        bool isDangerous = notes.Findings.Any(finding => finding.Verdict == CheckpointVerdict.Unsafe);
        bool isPickle = notes.Problem is null || start is [0x80, >= 1 and <= 5, ..];
        if (!isPickle && !isDangerous) throw TorchArchive.NotAnArchive(start, file.Path);
        notes.Summary = ModelSummary.Of(root, notes.Metadata, notes.Limits, file.Path);
        return CheckpointFormat.Pickle;
    }

    /// <summary>
    /// A file may be a zip archive to programs that look at its end, and something else to those that look at its beginning.
    /// </summary>
    private static void Polyglot(FilePart file, InspectionNotes notes)
    {
        const int endLength = 22;
        byte[] end = file.Read(Math.Max(0, file.Length - endLength), endLength);
        if (!end.AsSpan().StartsWith("PK\x05\x06"u8)) return;
        notes.Suspicion("the end", "nested", "", "the file is a zip archive as well.");
        ArchiveInspection archive = new(file, notes, "zip > ", depth: 1);
        archive.Inspect();
    }
}
