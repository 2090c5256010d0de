using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;

namespace YoloTune.Files.Torch;

/// <summary>
/// The records of a zip archive whose entries are stored, not compressed, as torch writes it. The contents are then plain ranges of
/// the file, which tensors read without a copy in between; System.IO.Compression does not give their offsets.
/// </summary>
/// <remarks>Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.</remarks>
internal sealed class ZipDirectory
{
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int End64Length = 56;
    private const int CentralLength = 46;
    private const int LocalLength = 30;
    private const int LongestComment = ushort.MaxValue;
    private const int BlockLength = 1 << 17;
    private const int DescriptorFlag = 8;

    private readonly SafeFileHandle handle;
    private readonly string path;
    private readonly long fileLength;
    private readonly Dictionary<string, ZipRecord> records = new(StringComparer.Ordinal);
    private long directoryOffset;

    public ZipDirectory(SafeFileHandle handle, string path, int maxRecords)
    {
        this.handle = handle;
        this.path = path;
        fileLength = RandomAccess.GetLength(handle);
        (long offset, long length, long count) = FindDirectory();
        if (count > maxRecords) throw Failure($"the archive has {count} records, more than the limit of {maxRecords}.");
        ReadDirectory(offset, length, count);
    }

    public IReadOnlyDictionary<string, ZipRecord> Records => records;

    /// <summary>
    /// Where the content of a record begins; the local header may be padded differently from the central directory's entry.
    /// </summary>
    public long OffsetOf(ZipRecord record)
    {
        if (record.Refusal is not null)
        {
            throw Failure($"the record {record.Refusal}.", record.Name, "Save it again with torch.save, which stores records as they are.");
        }
        int nameLength = Encoding.UTF8.GetByteCount(record.Name);
        if (record.HeaderOffset > directoryOffset - LocalLength - nameLength) throw CutShort(record.Name);
        byte[] header = ModelFile.Read(handle, record.HeaderOffset, LocalLength + nameLength, path);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 0x04034b50)
        {
            throw Failure("no local header stands where the directory says.", record.Name);
        }
        if (Contradiction(header, record) is { } what)
        {
            throw Failure($"the local header gives another {what} than the directory.", record.Name,
                "The file is damaged or forged; fetch it again.");
        }
        long offset = record.HeaderOffset + LocalLength + Short(header, 26) + Short(header, 28);
        if (record.Length > directoryOffset - offset) throw CutShort(record.Name);
        return offset;
    }

    /// <summary>
    /// Programs differ in which of the two headers they believe, so that a record may be one thing to one and another to the next.
    /// </summary>
    private static string? Contradiction(byte[] header, ZipRecord record)
    {
        int flags = Short(header, 6);
        if ((flags & 1) != 0) return "encryption flag";
        if (Short(header, 8) != 0) return "compression method";
        if (Short(header, 26) != header.Length - LocalLength || Encoding.UTF8.GetString(header.AsSpan(LocalLength)) != record.Name)
            return "name";

        // With a descriptor the numbers stand behind the content, and the header has none.
        if ((flags & DescriptorFlag) != 0) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(14)) != record.Crc) return "CRC-32";
        uint packed = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(18)),
            length = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(22));
        return (packed == record.Length || packed == uint.MaxValue) && (length == record.Length || length == uint.MaxValue)
            ? null
            : "length";
    }

    /// <summary>Reads the content of a small record, which is checked against its CRC-32.</summary>
    public byte[] Read(ZipRecord record, long limit)
    {
        long offset = OffsetOf(record);
        if (record.Length > Math.Min(limit, Array.MaxLength))
        {
            throw Failure($"the record has {record.Length} bytes, more than the limit of {limit}.", record.Name);
        }
        byte[] content = ModelFile.Read(handle, offset, (int)record.Length, path);
        Verify(record, content);
        return content;
    }

    /// <summary>Checks content that has been read against its CRC-32.</summary>
    /// <exception cref="ModelFormatException">It is not what was written.</exception>
    public void Verify(ZipRecord record, ReadOnlySpan<byte> content)
    {
        if (Crc32.HashToUInt32(content) != record.Crc) throw Damaged(record);
    }

    /// <summary>Reads the content of a record against its CRC-32.</summary>
    /// <exception cref="ModelFormatException">It is not what was written.</exception>
    public void Verify(ZipRecord record, CancellationToken cancellation = default)
    {
        long offset = OffsetOf(record), end = offset + record.Length;
        Crc32 crc = new();
        byte[] block = ArrayPool<byte>.Shared.Rent((int)Math.Min(BlockLength, Math.Max(record.Length, 1)));
        try
        {
            while (offset < end)
            {
                cancellation.ThrowIfCancellationRequested();
                Span<byte> part = block.AsSpan(0, (int)Math.Min(block.Length, end - offset));
                ModelFile.ReadExactly(handle, part, offset, path);
                crc.Append(part);
                offset += part.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
        if (crc.GetCurrentHashAsUInt32() != record.Crc) throw Damaged(record);
    }

    /// <summary>Where the two copies of a record's CRC-32 stand.</summary>
    public static (long Begin, int Length)[] CrcFields(ZipRecord record) => [(record.HeaderOffset + 14, 4), (record.EntryOffset + 16, 4)];

    private ModelFormatException Damaged(ZipRecord record) =>
        Failure("the content does not fit its CRC-32.", record.Name, "The file is damaged; fetch it again.");

    private (long Offset, long Length, long Count) FindDirectory()
    {
        int tailLength = (int)Math.Min(fileLength, EndLength + LongestComment + LocatorLength);
        byte[] tail = ModelFile.Read(handle, fileLength - tailLength, tailLength, path);
        for (int at = tailLength - EndLength; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != 0x06054b50) continue;
            if (at + EndLength + Short(tail, at + 20) != tailLength) continue;
            long count = Short(tail, at + 10);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 12));
            long offset = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
            int locator = at - LocatorLength;
            if (locator >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(locator)) == 0x07064b50)
            {
                (offset, length, count) = ReadEnd64(BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(locator + 8)));
            }
            bool fits = offset >= 0 && offset <= fileLength && length >= 0 && length <= fileLength - offset;
            if (!fits || count < 0 || count > length / CentralLength)
            {
                throw Failure("the directory of the archive does not fit into the file.", remedy: "The file is damaged; fetch it again.");
            }
            return (offset, length, count);
        }
        throw Failure("the archive has no directory at its end.", remedy: "The file is cut short; fetch it again.");
    }

    private (long Offset, long Length, long Count) ReadEnd64(long at)
    {
        if (at < 0 || at > fileLength - End64Length) throw Failure("the zip64 directory does not fit into the file.");
        byte[] end = ModelFile.Read(handle, at, End64Length, path);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != 0x06064b50) throw Failure("no zip64 directory stands where the archive says.");
        return (Long(end, 48), Long(end, 40), Long(end, 32));
    }

    private void ReadDirectory(long offset, long length, long count)
    {
        directoryOffset = offset;
        if (length > Array.MaxLength) throw Failure("the directory of the archive is longer than 2 GiB.");
        byte[] directory = ModelFile.Read(handle, offset, (int)length, path);
        int at = 0;
        for (long i = 0; i < count; i++)
        {
            if (at > directory.Length - CentralLength || BinaryPrimitives.ReadUInt32LittleEndian(directory.AsSpan(at)) != 0x02014b50)
            {
                throw Failure(FormattableString.Invariant($"entry {i} of the directory is damaged."));
            }
            int nameLength = Short(directory, at + 28);
            int extraLength = Short(directory, at + 30);
            int next = at + CentralLength + nameLength + extraLength + Short(directory, at + 32);
            if (next > directory.Length) throw Failure(FormattableString.Invariant($"entry {i} of the directory is damaged."));
            ZipRecord record = ReadEntry(directory.AsSpan(at, CentralLength + nameLength + extraLength), nameLength, offset + at);
            if (!records.TryAdd(record.Name, record)) throw Failure("the archive has two records of this name.", record.Name);
            at = next;
        }
        if (at == directory.Length) return;
        throw Failure(FormattableString.Invariant($"{directory.Length - at} bytes of the directory are no entries."),
            remedy: "The file is damaged; fetch it again.");
    }

    private ZipRecord ReadEntry(ReadOnlySpan<byte> entry, int nameLength, long entryOffset)
    {
        string name = Encoding.UTF8.GetString(entry.Slice(CentralLength, nameLength));
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]);
        int method = BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]);
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(entry[42..]);
        ReadOnlySpan<byte> extra = entry[(CentralLength + nameLength)..];
        while (extra.Length >= 4)
        {
            int size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4) break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                ReadOnlySpan<byte> wide = extra.Slice(4, size);
                TakeWide(ref wide, ref length);
                TakeWide(ref wide, ref packed);
                TakeWide(ref wide, ref offset);
            }
            extra = extra[(4 + size)..];
        }
        string? refusal = (flags & 1) != 0 ? "is encrypted" : method != 0 || packed != length ? "is compressed" : null;
        if (length < 0 || offset < 0 || offset > fileLength) throw CutShort(name);
        if (refusal is null && length > fileLength) throw CutShort(name);
        return new(name, offset, entryOffset, length, BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]), refusal);
    }

    /// <summary>A field of 32 ones stands for the next 64-bit value of the zip64 extra field.</summary>
    private static void TakeWide(ref ReadOnlySpan<byte> wide, ref long value)
    {
        if (value != uint.MaxValue || wide.Length < 8) return;
        value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[8..];
    }

    private ModelFormatException CutShort(string name) =>
        Failure("the record reaches beyond the end of the file.", name, "The file is damaged or cut short; fetch it again.");

    private ModelFormatException Failure(string message, string? record = null, string? remedy = null) =>
        new(message, path, record is null ? null : $"record {record}", remedy);

    private static int Short(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static long Long(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
}
