using Microsoft.Win32.SafeHandles;
using YoloTune.Basics;

namespace YoloTune.Files.Onnx;

/// <summary>
/// The fields of a message in the format of protocol buffers, read from the file one by one, so that the contents of large fields are
/// skipped instead of loaded.
/// </summary>
internal sealed class ProtoFields(SafeFileHandle handle, string path, long begin, long end)
{
    private const int VarintBits = 64;
    private const int LongestText = 1 << 20;

    private readonly byte[] window = new byte[256];
    private long windowAt = -1;
    private int windowLength;
    private long at = begin;

    /// <summary>The number of the field that was read last.</summary>
    public int Number { get; private set; }

    /// <summary>Its value where it is a number.</summary>
    public long Value { get; private set; }

    /// <summary>True where its content has a length: a text, bytes, a message or packed numbers.</summary>
    public bool HasContent { get; private set; }

    public long ContentBegin { get; private set; }

    public long ContentEnd { get; private set; }

    /// <summary>Goes to the next field; false at the end of the message.</summary>
    /// <exception cref="ModelFormatException">The message is damaged.</exception>
    public bool Next()
    {
        if (at == end) return false;
        long fieldAt = at;
        ulong tag = Varint();
        if (tag >> 3 is 0 or > int.MaxValue) throw Failure("no field begins here.", fieldAt);
        Number = (int)(tag >> 3);
        HasContent = false;
        switch (tag & 7)
        {
            case 0: Value = (long)Varint(); break;
            case 1: Skip(8); break;
            case 5: Skip(4); break;
            case 2:
                ulong length = Varint();
                HasContent = true;
                ContentBegin = at;
                Skip(length);
                ContentEnd = at;
                break;
            default: throw Failure("a field is of a kind that does not exist.", fieldAt);
        }
        return true;
    }

    /// <summary>The fields of the message that is this field's content.</summary>
    public ProtoFields Message() => new(handle, path, ContentBegin, ContentEnd);

    /// <summary>This field's content as a text.</summary>
    public string Text()
    {
        long length = ContentEnd - ContentBegin;
        if (length > LongestText) throw Failure($"a text of {length} bytes is longer than the limit of {LongestText}.", ContentBegin);
        return System.Text.Encoding.UTF8.GetString(ModelFile.Read(handle, ContentBegin, (int)length, path));
    }

    /// <summary>This field's value, or the packed numbers that are its content.</summary>
    public IEnumerable<long> Numbers()
    {
        if (!HasContent)
        {
            yield return Value;
            yield break;
        }
        ProtoFields packed = Message();
        while (!packed.AtEnd) yield return (long)packed.Varint();
    }

    private bool AtEnd => at == end;

    private ulong Varint()
    {
        ulong value = 0;
        long start = at;
        for (int shift = 0; shift < VarintBits; shift += 7)
        {
            byte part = Byte();
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }
        throw Failure("a number is longer than 64 bits.", start);
    }

    private byte Byte()
    {
        if (at == end) throw Failure("the message ends in the middle of a field.", at);
        if (windowAt < 0 || at < windowAt || at >= windowAt + windowLength)
        {
            windowAt = at;
            windowLength = (int)Math.Min(window.Length, end - at);
            ModelFile.ReadExactly(handle, Window(), at, path);
        }
        return window[at++ - windowAt];
    }

    private Span<byte> Window() => window.AsSpan(0, windowLength);

    private void Skip(ulong count)
    {
        if (count > (ulong)(end - at)) throw Failure($"a field of {count} bytes is announced where only {end - at} are left.", at);
        at += (long)count;
    }

    private ModelFormatException Failure(string message, long position) =>
        new(message, path, FormattableString.Invariant($"byte {position}"), "The file is damaged, or it is not an .onnx file.");
}
