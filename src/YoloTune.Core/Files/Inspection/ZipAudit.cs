using System.Buffers.Binary;
using System.Text;

namespace YoloTune.Files.Inspection;

/// <summary>
/// Accounts for every byte of a zip archive: each belongs to a local header, a content, a descriptor, the directory or its end, and what is
/// written twice says the same. It takes archives that no honest program writes, for those are the ones to tell about.
/// </summary>
/// <remarks>Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.</remarks>
internal sealed class ZipAudit(FilePart part, InspectionNotes notes, string prefix)
{
    private const uint LocalMark = 0x04034b50, EntryMark = 0x02014b50, EndMark = 0x06054b50, End64Mark = 0x06064b50,
        LocatorMark = 0x07064b50;
    private const int LocalLength = 30, EntryLength = 46, EndLength = 22, End64Length = 56, LocatorLength = 20;
    private const int LongestTail = EndLength + ushort.MaxValue + LocatorLength + End64Length;
    private const int LongestDirectory = 1 << 28;

    /// <summary>
    /// What torch, and programs that store without compression, write as "made by" and "version needed" of the zip64 end.
    /// </summary>
    private static readonly (int MadeBy, int Needed)[] Versions64 = [(0x031e, 45), (45, 45), (0x032d, 45)];

    /// <summary>The entries in the order of the directory.</summary>
    public List<ZipEntry> Entries { get; } = [];

    /// <summary>Reads the directory and walks the archive; false where there is no directory to go by.</summary>
    public bool Run()
    {
        if (FindEnd() is not { } end) return false;
        long shift = end.DirectoryEnd - end.Length - end.Offset;
        if (shift != 0)
        {
            Suspect("the directory", "directory", FormattableString.Invariant($"it stands {shift} bytes from where the archive says."));
            if (Mark(end.DirectoryEnd - end.Length) != EntryMark) shift = 0;
        }
        long directory = end.Offset + shift;
        if (!ReadDirectory(directory, end.DirectoryEnd, end.Count)) return false;
        Walk(directory, shift);
        return true;
    }

    private (long Offset, long Length, long Count, long DirectoryEnd)? FindEnd()
    {
        long tailBegin = Math.Max(0, part.Length - LongestTail);
        byte[] tail = part.Read(tailBegin, LongestTail);
        int at = tail.Length < EndLength ? -1 : tail.AsSpan(0, tail.Length - EndLength + 4).LastIndexOf("PK\x05\x06"u8);
        if (at < 0)
        {
            notes.Fail($"{Place("the archive")} has no directory at its end. The file is cut short; fetch it again.");
            return null;
        }
        long endAt = tailBegin + at;
        int comment = Short(tail, at + 20);
        long behind = endAt + EndLength;
        if (comment > 0)
        {
            Suspect("the end", "comment", FormattableString.Invariant($"the archive has a comment of {comment} bytes."));
            Hidden(behind, Math.Min(comment, part.Length - behind), "the comment");
            behind += comment;
        }
        if (behind < part.Length)
        {
            Suspect("the end", "trailing", FormattableString.Invariant($"{part.Length - behind} bytes stand behind the archive."));
            Hidden(behind, part.Length - behind, "behind the archive");
        }
        else if (behind > part.Length) Suspect("the end", "comment", "the archive's comment is cut short.");
        if (Short(tail, at + 4) != 0 || Short(tail, at + 6) != 0) Suspect("the end", "disk", "the archive says that it has several parts.");
        int count = Short(tail, at + 10);
        if (Short(tail, at + 8) != count) Suspect("the end", "count", "the archive gives two numbers of entries.");
        return End64(Int(tail, at + 16), Int(tail, at + 12), count, endAt);
    }

    /// <summary>The wide end, which torch always writes before the other, where there is one.</summary>
    private (long Offset, long Length, long Count, long DirectoryEnd)? End64(uint offset, uint length, int count, long endAt)
    {
        byte[] locator = part.Read(endAt - LocatorLength, LocatorLength);
        if (locator.Length < LocatorLength || Int(locator, 0) != LocatorMark) return (offset, length, count, endAt);
        long at = Long(locator, 8), expected = endAt - LocatorLength - End64Length;
        if (Int(locator, 4) != 0 || Int(locator, 16) != 1) Suspect("the end", "disk", "the archive says that it has several parts.");
        if (at != expected) Suspect("the end", "directory", "the wide end of the archive stands elsewhere than it says.");
        byte[] end = part.Read(expected, End64Length);
        if (end.Length < End64Length || Int(end, 0) != End64Mark)
        {
            notes.Fail($"{Place("the archive")} has no wide end of the directory where it belongs.");
            return null;
        }
        bool isUsual = Long(end, 4) == End64Length - 12 && Int(end, 16) == 0 && Int(end, 20) == 0 && Long(end, 24) == Long(end, 32)
            && Versions64.Contains((Short(end, 12), Short(end, 14)));
        bool agrees = count == Math.Min(Long(end, 32), ushort.MaxValue) && length == Math.Min(Long(end, 40), uint.MaxValue)
            && offset == Math.Min(Long(end, 48), uint.MaxValue);
        if (!isUsual) Suspect("the end", "header", "the wide end of the archive is not as programs write it.");
        if (!agrees) Suspect("the end", "directory", "the two ends of the archive differ.");
        (long wideOffset, long wideLength) = (Long(end, 48), Long(end, 40));
        if (wideOffset < 0 || wideLength < 0 || wideLength > part.Length || wideOffset > part.Length)
        {
            notes.Fail($"{Place("the archive")} has a directory that does not fit into the file.");
            return null;
        }
        return (wideOffset, wideLength, Long(end, 32), expected);
    }

    private bool ReadDirectory(long begin, long end, long count)
    {
        if (begin < 0 || begin > end || end - begin > LongestDirectory || count < 0 || count > notes.Limits.MaxRecords)
        {
            notes.Fail($"{Place("the archive")} has a directory that does not fit into the file, "
                + $"or more records than the limit of {notes.Limits.MaxRecords}.");
            return false;
        }
        byte[] directory = part.Read(begin, end - begin);
        int at = 0;
        while (at <= directory.Length - EntryLength && Int(directory, at) == EntryMark && Entries.Count < notes.Limits.MaxRecords)
        {
            int name = Short(directory, at + 28), extra = Short(directory, at + 30), comment = Short(directory, at + 32);
            int next = at + EntryLength + name + extra + comment;
            if (next > directory.Length) break;
            Entries.Add(ReadEntry(directory.AsSpan(at, next - at), name, extra, comment));
            at = next;
        }
        if (at < directory.Length)
        {
            Suspect("the directory", "directory", FormattableString.Invariant($"{directory.Length - at} bytes of it are no entries."));
            Hidden(begin + at, directory.Length - at, "the directory");
        }
        if (Entries.Count != count)
            Suspect("the directory", "count", FormattableString.Invariant(
                $"it has {Entries.Count} entries where the archive says {count}."));
        foreach (IGrouping<string, ZipEntry> same in Entries.GroupBy(entry => entry.Name).Where(same => same.Count() > 1))
        {
            Suspect($"record {same.Key}", "duplicate", FormattableString.Invariant($"{same.Count()} records have this name."), same.Key);
        }

        // One program writes all entries alike.
        ZipEntry? first = Entries.FirstOrDefault();
        foreach (ZipEntry entry in Entries)
        {
            bool isAlike = entry.MadeBy == first!.MadeBy && entry.Internal is 0 && entry.External == first.External;
            if (!isAlike)
                Suspect($"record {entry.Name}", "header", "its system or attributes are not those of the other records.", entry.Name);
        }
        return true;
    }

    private ZipEntry ReadEntry(ReadOnlySpan<byte> bytes, int nameLength, int extraLength, int commentLength)
    {
        ReadOnlySpan<byte> nameBytes = bytes.Slice(EntryLength, nameLength);
        string name = Encoding.UTF8.GetString(nameBytes);
        bool isValid = Encoding.UTF8.GetBytes(name).AsSpan().SequenceEqual(nameBytes) && !name.Contains('\0', StringComparison.Ordinal);
        long packed = Int(bytes, 20), length = Int(bytes, 24), header = Int(bytes, 42);
        ZipExtra extra = ZipExtra.Read(bytes.Slice(EntryLength + nameLength, extraLength));
        extra.Take(ref length);
        extra.Take(ref packed);
        extra.Take(ref header);
        if (!extra.IsUsual || !extra.IsUsedUp)
            Suspect($"record {name}", "extra field", "the directory has a field for it that torch does not write.", name);
        if (commentLength > 0)
            Suspect($"record {name}", "comment", FormattableString.Invariant($"it has a comment of {commentLength} bytes."), name);
        if (Short(bytes, 34) != 0) Suspect($"record {name}", "disk", "it is said to be in another part of the archive.", name);
        return new()
        {
            Name = name,
            IsNameValid = isValid,
            MadeBy = Short(bytes, 4),
            Needed = Short(bytes, 6),
            Flags = Short(bytes, 8),
            Method = Short(bytes, 10),
            Time = Int(bytes, 12),
            Crc = Int(bytes, 16),
            Packed = packed,
            Length = length,
            Internal = Short(bytes, 36),
            External = Int(bytes, 38),
            Header = header,
        };
    }

    /// <summary>Goes from record to record through the file, and says what stands between them.</summary>
    private void Walk(long directory, long shift)
    {
        long at = 0;
        foreach (ZipEntry entry in Entries.OrderBy(entry => entry.Header))
        {
            long header = entry.Header + shift;
            if (header > at) Gap(at, Math.Min(header, directory));
            if (header < at) Suspect($"record {entry.Name}", "overlap", "it shares bytes with another record.", entry.Name);
            long end = new ZipLocalCheck(part, notes, prefix).Run(entry, header, directory);
            at = Math.Max(at, end);
        }
        if (at < directory) Gap(at, directory);
    }

    private void Gap(long begin, long end)
    {
        string place = FormattableString.Invariant($"byte {begin}");
        string where = begin == 0 ? "before the first record" : "between the records";
        Suspect(place, "gap", FormattableString.Invariant($"{end - begin} bytes {where} belong to none of them."));
        Hidden(begin, end - begin, place);
        byte[] start = part.Read(begin, LocalLength);
        if (start.Length < LocalLength || Int(start, 0) != LocalMark) return;
        string name = Encoding.UTF8.GetString(part.Read(begin + LocalLength, Short(start, 26)));
        Suspect(place, "record", "a record stands here that the directory does not list.", name);
        long content = begin + LocalLength + Short(start, 26) + Short(start, 28);
        if (content < end) Hidden(content, end - content, $"record {name}");
    }

    private void Hidden(long begin, long count, string place)
    {
        FilePart hidden = part.Slice(begin, count);

        // A record that the directory leaves out begins like an archive; it is reported as what it is.
        if (hidden.Length > 0
            && !(hidden.Start(4).AsSpan().SequenceEqual("PK\x03\x04"u8) && place.StartsWith("byte ", StringComparison.Ordinal)))
        {
            HiddenContent.Inspect(hidden, Place(place), notes, depth: 1);
        }
    }

    private uint Mark(long at) => part.Read(at, 4) is { Length: 4 } bytes ? Int(bytes, 0) : 0;

    private string Place(string place) => prefix + place;

    private void Suspect(string place, string kind, string reason, string name = "") =>
        notes.Suspicion(Place(InspectionNotes.Cut(place)), kind, name, reason);

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
