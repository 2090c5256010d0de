using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using YoloTune.Files.Torch;

namespace YoloTune.Files.Inspection;

/// <summary>A range of bytes that is inspected: a file, a record of an archive, or the unpacked content of one.</summary>
internal sealed class FilePart(PickleInput.Source source, long length, string path)
{
    private const int BlockLength = 1 << 17;

    /// <summary>The file that it comes from, for messages.</summary>
    public string Path => path;

    /// <summary>The number of bytes.</summary>
    public long Length => length;

    /// <summary>A whole file, which stays open for as long as the part is used.</summary>
    public static FilePart Of(SafeFileHandle handle, string path) =>
        new((target, offset) => ModelFile.ReadExactly(handle, target, offset, path), RandomAccess.GetLength(handle), path);

    /// <summary>Bytes in memory.</summary>
    public static FilePart Of(byte[] bytes, string path) =>
        new((target, offset) => bytes.AsSpan((int)offset, target.Length).CopyTo(target), bytes.Length, path);

    /// <summary>A part of this part; what reaches beyond its end is left out.</summary>
    public FilePart Slice(long begin, long count)
    {
        begin = Math.Clamp(begin, 0, length);
        return new((target, offset) => source(target, begin + offset), Math.Clamp(count, 0, length - begin), path);
    }

    /// <summary>Bytes from an offset, as many of them as there are.</summary>
    public byte[] Read(long offset, long count)
    {
        if (offset < 0 || offset >= length) return [];
        byte[] bytes = new byte[(int)Math.Min(Math.Min(count, length - offset), Array.MaxLength)];
        source(bytes, offset);
        return bytes;
    }

    /// <summary>The first bytes.</summary>
    public byte[] Start(int count) => Read(0, count);

    /// <summary>As the input of a pickle reader.</summary>
    public PickleInput Input(string name) => new(source, length, path, name);

    /// <summary>The CRC-32 of all bytes.</summary>
    public uint Crc()
    {
        Crc32 crc = new();
        byte[] block = new byte[(int)Math.Min(BlockLength, length)];
        for (long at = 0; at < length; at += block.Length)
        {
            Span<byte> part = block.AsSpan(0, (int)Math.Min(block.Length, length - at));
            source(part, at);
            crc.Append(part);
        }
        return crc.GetCurrentHashAsUInt32();
    }
}
