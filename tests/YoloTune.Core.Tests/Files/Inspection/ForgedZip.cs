using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace YoloTune.Tests.Files.Inspection;

/// <summary>Writes zip archives as torch does, byte by byte, so that each field can be made a lie.</summary>
internal sealed class ForgedZip
{
    /// <summary>A record; what is not given is what torch writes.</summary>
    public sealed record Entry(string Name, byte[] Content)
    {
        public string? LocalName { get; init; }

        public int Flags { get; init; } = 0x0808;

        public int? LocalFlags { get; init; }

        public int Method { get; init; }

        public int? LocalMethod { get; init; }

        public uint? Crc { get; init; }

        public uint? DescriptorCrc { get; init; }

        /// <summary>Bytes between this record and the next.</summary>
        public byte[] Behind { get; init; } = [];

        public byte[]? Extra { get; init; }

        public byte[] Comment { get; init; } = [];

        /// <summary>False leaves it out of the directory.</summary>
        public bool IsListed { get; init; } = true;

        /// <summary>How long the directory says that it is, where that is not its length.</summary>
        public int? ListedLength { get; init; }
    }

    public List<Entry> Entries { get; } = [];

    public byte[] Before { get; init; } = [];

    public byte[] Comment { get; init; } = [];

    public byte[] After { get; init; } = [];

    /// <summary>False leaves out the wide end, which torch always writes.</summary>
    public bool HasWideEnd { get; init; } = true;

    public ForgedZip Add(string name, byte[] content) => Add(new(name, content));

    public ForgedZip Add(Entry entry)
    {
        Entries.Add(entry);
        return this;
    }

    public byte[] ToArray()
    {
        MemoryStream stream = new();
        stream.Write(Before);
        List<long> headers = [];
        foreach (Entry entry in Entries)
        {
            headers.Add(stream.Position);
            Local(stream, entry);
        }
        long directory = stream.Position;
        int count = 0;
        for (int i = 0; i < Entries.Count; i++)
        {
            if (!Entries[i].IsListed) continue;
            Central(stream, Entries[i], (uint)headers[i]);
            count++;
        }
        End(stream, directory, stream.Position - directory, count);
        stream.Write(After);
        return stream.ToArray();
    }

    private static void Local(MemoryStream stream, Entry entry)
    {
        byte[] name = Encoding.UTF8.GetBytes(entry.LocalName ?? entry.Name);
        int flags = entry.LocalFlags ?? entry.Flags;
        bool hasDescriptor = (flags & 8) != 0;
        uint crc = entry.Crc ?? Crc32.HashToUInt32(entry.Content);
        int padding = (int)((64 - ((stream.Position + 30 + name.Length + 4) % 64)) % 64);
        byte[] extra = entry.Extra ?? [0x46, 0x42, (byte)padding, 0, .. Enumerable.Repeat((byte)'Z', padding)];
        Write(stream, 0x04034b50u, (ushort)0, (ushort)flags, (ushort)(entry.LocalMethod ?? entry.Method), 0u);
        Write(stream, hasDescriptor ? 0 : crc, hasDescriptor ? 0 : (uint)entry.Content.Length,
            hasDescriptor ? 0 : (uint)entry.Content.Length);
        Write(stream, (ushort)name.Length, (ushort)extra.Length);
        stream.Write(name);
        stream.Write(extra);
        stream.Write(entry.Content);
        if (hasDescriptor) Write(stream, 0x08074b50u, entry.DescriptorCrc ?? crc, (uint)entry.Content.Length, (uint)entry.Content.Length);
        stream.Write(entry.Behind);
    }

    private static void Central(MemoryStream stream, Entry entry, uint header)
    {
        byte[] name = Encoding.UTF8.GetBytes(entry.Name);
        uint length = (uint)(entry.ListedLength ?? entry.Content.Length);
        Write(stream, 0x02014b50u, (ushort)0, (ushort)0, (ushort)entry.Flags, (ushort)entry.Method, 0u,
            entry.Crc ?? Crc32.HashToUInt32(entry.Content), length, length);
        Write(stream, (ushort)name.Length, (ushort)0, (ushort)entry.Comment.Length, (ushort)0, (ushort)0, 0u, header);
        stream.Write(name);
        stream.Write(entry.Comment);
    }

    private void End(MemoryStream stream, long directory, long length, int count)
    {
        long wide = stream.Position;
        if (HasWideEnd)
        {
            Write(stream, 0x06064b50u, 44L, (ushort)0x031e, (ushort)45, 0u, 0u, (long)count, (long)count, length, directory);
            Write(stream, 0x07064b50u, 0u, wide, 1u);
        }
        Write(stream, 0x06054b50u, (ushort)0, (ushort)0, (ushort)count, (ushort)count, (uint)length, (uint)directory,
            (ushort)Comment.Length);
        stream.Write(Comment);
    }

    private static void Write(MemoryStream stream, params object[] fields)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (object field in fields)
        {
            int size = field switch { ushort => 2, uint => 4, long => 8, int => 4, _ => throw new ArgumentException("no such field") };
            BinaryPrimitives.WriteInt64LittleEndian(bytes, Convert.ToInt64(field, System.Globalization.CultureInfo.InvariantCulture));
            stream.Write(bytes[..size]);
        }
    }
}
