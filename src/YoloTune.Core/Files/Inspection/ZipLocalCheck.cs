using System.Buffers.Binary;
using System.Text;
using YoloTune.Files.Torch;

namespace YoloTune.Files.Inspection;

/// <summary>
/// Compares what stands before and behind a record's content with its entry of the directory. Programs believe the one or the other, so
/// that an archive whose headers differ is two archives.
/// </summary>
internal sealed class ZipLocalCheck(FilePart part, InspectionNotes notes, string prefix)
{
    private const uint LocalMark = 0x04034b50, DescriptorMark = 0x08074b50;
    private const int LocalLength = 30, DescriptorFlag = 8, Utf8Flag = 0x0800;
    private const int ShortDescriptor = 16, LongDescriptor = 24;

    /// <summary>Checks a record; sets where its content begins.</summary>
    /// <param name="entry">The record.</param>
    /// <param name="header">Where its local header stands.</param>
    /// <param name="limit">Where the directory begins.</param>
    /// <returns>Where the next record may begin.</returns>
    public long Run(ZipEntry entry, long header, long limit)
    {
        byte[] local = header < 0 || header > limit - LocalLength ? [] : part.Read(header, LocalLength);
        if (local.Length < LocalLength || Int(local, 0) != LocalMark)
        {
            notes.Fail($"{prefix}record {InspectionNotes.Cut(entry.Name)}: no local header stands where the directory says.");
            return header;
        }
        int nameLength = Short(local, 26), extraLength = Short(local, 28);
        byte[] rest = part.Read(header + LocalLength, nameLength + extraLength);
        long begin = header + LocalLength + nameLength + extraLength;
        if (entry.Packed < 0 || entry.Length < 0 || begin > limit || entry.Packed > limit - begin)
        {
            notes.Fail($"{prefix}record {InspectionNotes.Cut(entry.Name)}: it reaches beyond its place. "
                + "The file is damaged or cut short; fetch it again.");
            return Math.Min(begin, limit);
        }
        entry.Begin = begin;
        Names(entry, Encoding.UTF8.GetString(rest.AsSpan(0, Math.Min(nameLength, rest.Length))));
        bool hasDescriptor = (Short(local, 6) & DescriptorFlag) != 0;
        Numbers(entry, local, ZipExtra.Read(rest.AsSpan(Math.Min(nameLength, rest.Length))), hasDescriptor);
        return begin + entry.Packed + (hasDescriptor ? Descriptor(entry, begin + entry.Packed, limit) : 0);
    }

    private void Names(ZipEntry entry, string local)
    {
        if (local != entry.Name) Suspect(entry, "name", $"its local header calls it '{InspectionNotes.Cut(local)}'.");
        if (!entry.IsNameValid) Suspect(entry, "name", "its name is no valid text.");
    }

    private void Numbers(ZipEntry entry, byte[] local, ZipExtra extra, bool hasDescriptor)
    {
        int flags = Short(local, 6);
        if (flags != entry.Flags) Suspect(entry, "flags", "the flags of its two headers differ.");
        if (((flags | entry.Flags) & 1) != 0) Suspect(entry, "flags", "it is marked as encrypted; torch reads it as it stands.");
        else if (((flags | entry.Flags) & ~(DescriptorFlag | Utf8Flag)) != 0)
            Suspect(entry, "flags", "it has flags that torch does not write.");
        if (Short(local, 8) != entry.Method) Suspect(entry, "method", "its two headers give two compression methods.");
        if (entry.Method != 0) Suspect(entry, "method", "it is compressed; torch stores records as they are.");
        else if (entry.Packed != entry.Length) Suspect(entry, "length", "it is not compressed, and has two lengths all the same.");
        if (Short(local, 4) != entry.Needed || Int(local, 10) != entry.Time)
            Suspect(entry, "header", "its two headers differ in version or time.");

        long packed = Int(local, 18), length = Int(local, 22);
        extra.Take(ref length);
        extra.Take(ref packed);
        if (!extra.IsUsual || !extra.IsUsedUp) Suspect(entry, "extra field", "its local header has a field that torch does not write.");
        uint crc = Int(local, 14);
        bool isLeftOut = hasDescriptor && crc == 0 && packed == 0 && length == 0;
        if (isLeftOut) return;
        if (crc != entry.Crc) Suspect(entry, "crc", "its two headers give two checksums.");
        if (packed != entry.Packed || length != entry.Length) Suspect(entry, "length", "its two headers give two lengths.");
    }

    /// <summary>The numbers that stand behind the content; gives their length.</summary>
    private int Descriptor(ZipEntry entry, long at, long limit)
    {
        byte[] bytes = part.Read(at, Math.Min(LongDescriptor, limit - at));
        bool isMarked = bytes.Length >= ShortDescriptor && Int(bytes, 0) == DescriptorMark;
        if (isMarked && Int(bytes, 4) == entry.Crc)
        {
            if (Int(bytes, 8) == entry.Packed && Int(bytes, 12) == entry.Length && !IsLong(bytes, entry)) return ShortDescriptor;
            if (IsLong(bytes, entry)) return LongDescriptor;
        }
        Suspect(entry, "descriptor", "the numbers behind it are missing, or are not those of the directory.");
        return isMarked ? ShortDescriptor : 0;
    }

    private static bool IsLong(byte[] bytes, ZipEntry entry) => bytes.Length == LongDescriptor
        && BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)) == entry.Packed
        && BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16)) == entry.Length;

    private void Suspect(ZipEntry entry, string kind, string reason) =>
        notes.Suspicion($"{prefix}record {InspectionNotes.Cut(entry.Name)}", kind, entry.Name, reason);

    private static int Short(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint Int(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
