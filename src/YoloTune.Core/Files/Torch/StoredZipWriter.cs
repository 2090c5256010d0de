using System.IO.Hashing;
using System.Text;

namespace YoloTune.Files.Torch;

/// <summary>
/// Writes zip archives of stored entries as torch does: every content begins at a multiple of 64 bytes, reached by padding its local
/// header. No clock and no name of the machine goes in, so the same entries give the same bytes.
/// </summary>
/// <remarks>Source: PKWARE's APPNOTE.TXT 6.3.10, section 4.3; the padding field is torch's own.</remarks>
internal sealed class StoredZipWriter(Stream stream)
{
    private const int Alignment = 64;
    private const ushort PaddingField = 0x4246;
    private const byte Padding = (byte)'Z';
    private const int LocalLength = 30;
    private const int LocalCrc = 14;
    private const int DirectoryCrc = 16;
    private const int ExtraHeaderLength = 4;
    private const ushort Version = 20;
    private const ushort Utf8Names = 0x0800;

    /// <summary>1 January 1980, the first day that zip can express.</summary>
    private const uint Date = 0x00210000;

    private readonly List<(byte[] Name, uint Crc, uint Length, uint Offset)> entries = [];
    private readonly BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
    private long contentAt;

    /// <summary>
    /// Where the last entry's content and the two copies of its CRC-32 stand, for one that is changed once the archive is complete.
    /// </summary>
    public (long Content, long LocalCrc, long DirectoryCrc) LastEntry { get; private set; }

    /// <summary>Writes one entry.</summary>
    public void Add(string name, ReadOnlySpan<byte> content) => Add(name, content, Crc32.HashToUInt32(content));

    /// <summary>Writes one entry whose CRC-32 is filled in later.</summary>
    public void AddUnfinished(string name, ReadOnlySpan<byte> content) => Add(name, content, 0);

    private void Add(string name, ReadOnlySpan<byte> content, uint crc)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        long offset = stream.Position;
        if (offset + content.Length > uint.MaxValue - (1 << 20))
        {
            throw new ArgumentException("The checkpoint is larger than 4 GiB.", nameof(content));
        }
        entries.Add((nameBytes, crc, (uint)content.Length, (uint)offset));

        long start = offset + LocalLength + nameBytes.Length + ExtraHeaderLength;
        int padding = (int)((Alignment - start % Alignment) % Alignment);
        writer.Write(0x04034b50u);
        WriteFields(crc, content.Length, nameBytes.Length);
        writer.Write((ushort)(ExtraHeaderLength + padding));
        writer.Write(nameBytes);
        writer.Write(PaddingField);
        writer.Write((ushort)padding);
        for (int i = 0; i < padding; i++) writer.Write(Padding);
        contentAt = stream.Position;
        writer.Write(content);
    }

    /// <summary>Writes the directory, which completes the archive.</summary>
    public void Finish()
    {
        if (entries.Count >= ushort.MaxValue)
        {
            throw new ArgumentException("The checkpoint has more records than a zip archive holds.", nameof(stream));
        }
        long directory = stream.Position;
        foreach ((byte[] name, uint crc, uint length, uint offset) in entries)
        {
            LastEntry = (contentAt, offset + LocalCrc, stream.Position + DirectoryCrc);
            writer.Write(0x02014b50u);
            writer.Write(Version);
            WriteFields(crc, length, name.Length);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write(0u);
            writer.Write(offset);
            writer.Write(name);
        }
        long length64 = stream.Position - directory;
        writer.Write(0x06054b50u);
        writer.Write(0u);
        writer.Write((ushort)entries.Count);
        writer.Write((ushort)entries.Count);
        writer.Write((uint)length64);
        writer.Write((uint)directory);
        writer.Write((ushort)0);
        writer.Flush();
    }

    /// <summary>The fields that the local and the central header have in common, from the version to the name's length.</summary>
    private void WriteFields(uint crc, long length, int nameLength)
    {
        writer.Write(Version);
        writer.Write(Utf8Names);
        writer.Write((ushort)0);
        writer.Write(Date);
        writer.Write(crc);
        writer.Write((uint)length);
        writer.Write((uint)length);
        writer.Write((ushort)nameLength);
    }
}
