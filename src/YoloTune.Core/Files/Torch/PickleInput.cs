using System.Buffers.Binary;
using System.Text;
using YoloTune.Basics;

namespace YoloTune.Files.Torch;

/// <summary>
/// The bytes of one or several pickles in a row, with the position kept for messages and lengths checked before memory is taken.
/// </summary>
internal sealed class PickleInput(PickleInput.Source source, long length, string? file, string name)
{
    /// <summary>Fills a span with the bytes from an offset, which with the span's length lies inside the input.</summary>
    public delegate void Source(Span<byte> target, long offset);


    private readonly byte[] buffer = new byte[(int)Math.Clamp(length, 16, 64 * 1024)];
    private int next;
    private int end;

    /// <summary>The byte to be read next, counted from the start of the stream given.</summary>
    public long Position { get; private set; }

    /// <summary>The file, for messages.</summary>
    public string? File => file;

    /// <summary>An input of bytes in memory.</summary>
    public static PickleInput Of(byte[] bytes, string? file) =>
        new((target, offset) => bytes.AsSpan((int)offset, target.Length).CopyTo(target), bytes.LongLength, file, "pickle");

    public long Remaining => length - Position;

    public ModelFormatException Failure(string message, long position, string? remedy = null) =>
        new(message, file, FormattableString.Invariant($"{name}, byte {position}"), remedy);

    public byte ReadByte()
    {
        if (next == end) Fill();
        Position++;
        return buffer[next++];
    }

    public int ReadUInt16() => ReadByte() | (ReadByte() << 8);

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Read(4, 4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Read(4, 4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Read(8, 8));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(Read(8, 8));

    public byte[] Read(ulong count, int limit)
    {
        if (count > (ulong)Math.Max(Remaining, 0))
        {
            throw Failure($"a value of {count} bytes is announced where only {Math.Max(Remaining, 0)} are left.", Position);
        }
        if (count > (ulong)limit) throw Failure($"a value of {count} bytes is more than the limit of {limit}.", Position);
        byte[] bytes = new byte[(int)count];
        for (int done = 0; done < bytes.Length;)
        {
            if (next == end) Fill();
            int take = Math.Min(end - next, bytes.Length - done);
            Array.Copy(buffer, next, bytes, done, take);
            next += take;
            done += take;
            Position += take;
        }
        return bytes;
    }

    /// <summary>Reads a line of ASCII text, as GLOBAL is written.</summary>
    public string ReadLine(int limit)
    {
        StringBuilder line = new();
        for (byte value = ReadByte(); value != '\n'; value = ReadByte())
        {
            if (line.Length == limit) throw Failure($"a line is longer than the limit of {limit} characters.", Position);
            line.Append((char)value);
        }
        return line.ToString();
    }

    private void Fill()
    {
        if (Remaining <= 0) throw Failure("the pickle ends before its STOP opcode.", Position, "The file is cut short; fetch it again.");
        next = 0;
        end = (int)Math.Min(buffer.Length, Remaining);
        source(buffer.AsSpan(0, end), Position);
    }
}
