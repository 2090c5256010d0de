using System.IO.Compression;
using System.Text;
using YoloTune.Basics;
using YoloTune.Files.Torch;
using YoloTune.Files.Ultralytics;

namespace YoloTune.Files.Inspection;

/// <summary>
/// A zip archive, of torch or not: its bytes are accounted for by <see cref="ZipAudit"/>, its records here. Each is one of those that
/// torch.save or YoloTune writes, with the content that belongs there, or it is a finding.
/// </summary>
internal sealed class ArchiveInspection(FilePart part, InspectionNotes notes, string prefix = "", int depth = 0)
{
    private const string PickleRecord = "data.pkl";
    private const int LongestSetting = 64;
    private const long MostUnpacked = 1L << 30;

    private readonly Dictionary<string, PickleStorage> storages = new(StringComparer.Ordinal);
    private long unpacked;

    /// <summary>Where a record of the outermost archive stands in the file, for the checksum of the whole.</summary>
    public ZipAudit? Audit { get; private set; }

    /// <summary>The object of the archive's pickle; null where there is none.</summary>
    public object? Root { get; private set; }

    /// <summary>Inspects the archive.</summary>
    public void Inspect()
    {
        Audit = new ZipAudit(part, notes, prefix);
        bool isWhole = Audit.Run();
        List<ZipEntry> entries = Audit.Entries;
        notes.Records.AddRange(entries.Select(entry => prefix + entry.Name));
        if (!isWhole && entries.Count == 0) return;
        List<ZipEntry> pickles = [.. entries.Where(IsPickle)];
        string? folder = pickles.Count > 0 ? pickles[0].Name[..^PickleRecord.Length] : null;
        if (folder is null) notes.Fail($"{prefix}the zip archive holds no data.pkl: it is not a file of torch.save.");
        foreach (ZipEntry pickle in pickles.Skip(1)) Suspect(pickle, "record", "the archive has more than one pickle.");
        if (entries.Exists(entry => entry.Name == folder + "constants.pkl"))
            notes.Fail($"{prefix}this is a TorchScript program, not a checkpoint.");
        foreach (ZipEntry pickle in pickles)
        {
            if (Content(pickle) is not { } content) continue;
            object? root = PickleRow.Inspect(content, prefix + (pickles.Count == 1 ? PickleRecord : pickle.Name), notes, storages);
            if (ReferenceEquals(pickle, pickles[0])) Root = root;
        }
        foreach (ZipEntry entry in entries) Record(entry, folder);
        foreach (string key in storages.Keys.Where(key => !entries.Exists(entry => entry.Name == $"{folder}data/{key}")).Take(20))
        {
            notes.Suspicion($"{prefix}storage {InspectionNotes.Cut(key)}", "storage", "",
                "the pickle names it, and the archive has no such record.");
        }
    }

    /// <summary>The content of a record of the archive's folder; null where there is none, or it cannot be read.</summary>
    public byte[]? Read(string name, int limit)
    {
        ZipEntry? entry = Audit?.Entries.Find(entry => entry.Name == name || entry.Name.EndsWith("/" + name, StringComparison.Ordinal));
        return entry is { Method: 0, Begin: >= 0 } && entry.Length <= limit ? part.Read(entry.Begin, entry.Length) : null;
    }

    private static bool IsPickle(ZipEntry entry) => entry.Name == PickleRecord
        || (entry.Name.EndsWith("/" + PickleRecord, StringComparison.Ordinal) && entry.Name.AsSpan().Count('/') == 1);

    private void Record(ZipEntry entry, string? folder)
    {
        if (Content(entry) is not { } content) return;
        if (content.Length != entry.Length) Suspect(entry, "length", "its content has another length than the directory says.");
        if (content.Crc() != entry.Crc) Suspect(entry, "crc", "the content does not fit its CRC-32: it was changed since it was written.");
        if (IsPickle(entry)) return;
        if (folder is not null && entry.Name.StartsWith(folder, StringComparison.Ordinal))
        {
            string name = entry.Name[folder.Length..];
            if (name.StartsWith("data/", StringComparison.Ordinal)
                && storages.TryGetValue(name["data/".Length..], out PickleStorage? storage))
            {
                Storage(entry, storage, content);
                return;
            }
            if (IsSetting(name, content)) return;
        }
        Suspect(entry, "record", "no tensor uses it, and torch.save writes no such record.");
        HiddenContent.Inspect(content, Place(entry), notes, depth);
    }

    private void Storage(ZipEntry entry, PickleStorage storage, FilePart content)
    {
        int? size = TensorCheck.ElementSize(storage.Type);
        if (size is null) Suspect(entry, "storage", $"its type {storage.Type} is not known.");
        else if (storage.Count < 0 || storage.Count > long.MaxValue / size || storage.Count * size != content.Length)
        {
            Suspect(entry, "storage", FormattableString.Invariant(
                $"the pickle describes {storage.Count} elements of {size} bytes, the record has {content.Length} bytes."));
        }
        HiddenContent.Inspect(content, Place(entry), notes, depth, isLoose: false);
    }

    /// <summary>The small records that torch and YoloTune write beside the pickle, by name and content.</summary>
    private static bool IsSetting(string name, FilePart content)
    {
        if (name == CheckpointMetadata.RecordName) return IsMetadata(content);
        if (content.Length is 0 or > LongestSetting) return false;
        string text = Encoding.Latin1.GetString(content.Start(LongestSetting));
        return name switch
        {
            "byteorder" => text is "little" or "big",
            "version" or ".format_version" or ".storage_alignment" => text.TrimEnd('\n') is { Length: > 0 and < 12 } digits
                && digits.All(char.IsAsciiDigit),
            ".data/serialization_id" => text.All(char.IsAsciiDigit),
            _ => false,
        };
    }

    private static bool IsMetadata(FilePart content)
    {
        if (content.Length > PickleLimits.Default.MaxStringBytes) return false;
        try
        {
            CheckpointReader.ParseMetadata(content.Start((int)content.Length), content.Path);
            return true;
        }
        catch (ModelFormatException)
        {
            return false;
        }
    }

    /// <summary>The content of a record, unpacked where it is compressed; null where it cannot be had, which is noted.</summary>
    private FilePart? Content(ZipEntry entry)
    {
        if (entry.Begin < 0) return null;
        FilePart packed = part.Slice(entry.Begin, entry.Packed);
        if (entry.Method == 0) return part.Slice(entry.Begin, Math.Max(entry.Packed, entry.Length));
        if (entry.Method != 8)
        {
            notes.Fail($"{Place(entry)}: it is compressed with method {entry.Method}, which is not read.");
            return null;
        }
        long limit = Math.Min(notes.Limits.MaxTotalBytes, MostUnpacked - unpacked);
        try
        {
            // The length that the archive gives is a claim: memory is taken as the bytes come.
            using DeflateStream inflater =
                new(new MemoryStream(packed.Start((int)Math.Min(packed.Length, limit))), CompressionMode.Decompress);
            using MemoryStream content = new();
            byte[] block = new byte[1 << 16];
            for (int count; (count = inflater.Read(block)) > 0 && content.Length <= limit;) content.Write(block.AsSpan(0, count));
            unpacked += content.Length;
            if (content.Length <= limit) return FilePart.Of(content.ToArray(), part.Path);
            notes.Fail($"{Place(entry)}: unpacked it has more bytes than the limit of {limit}.");
        }
        catch (InvalidDataException)
        {
            notes.Fail($"{Place(entry)}: it cannot be unpacked.");
        }
        return null;
    }

    private string Place(ZipEntry entry) => $"{prefix}record {InspectionNotes.Cut(entry.Name)}";

    private void Suspect(ZipEntry entry, string kind, string reason) => notes.Suspicion(Place(entry), kind, entry.Name, reason);
}
