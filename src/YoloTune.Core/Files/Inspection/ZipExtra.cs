using System.Buffers.Binary;

namespace YoloTune.Files.Inspection;

/// <summary>The extra fields of a header: wide numbers, and the padding that torch writes; anything else is unusual.</summary>
internal sealed class ZipExtra
{
    private const int Wide = 1, Padding = 0x4246;

    private readonly Queue<long> numbers = new();

    /// <summary>True where there is nothing but wide numbers and padding of the letter Z.</summary>
    public bool IsUsual { get; private set; } = true;

    /// <summary>True where every wide number was asked for.</summary>
    public bool IsUsedUp => numbers.Count == 0;

    /// <summary>Reads the fields.</summary>
    public static ZipExtra Read(ReadOnlySpan<byte> bytes)
    {
        ZipExtra extra = new();
        bool hasWide = false;
        while (bytes.Length >= 4)
        {
            int kind = BinaryPrimitives.ReadUInt16LittleEndian(bytes), size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
            if (size > bytes.Length - 4) break;
            ReadOnlySpan<byte> field = bytes.Slice(4, size);
            if (kind == Wide && !hasWide && size % 8 == 0)
            {
                hasWide = true;
                for (int at = 0; at < size; at += 8) extra.numbers.Enqueue(BinaryPrimitives.ReadInt64LittleEndian(field[at..]));
            }
            else if (kind != Padding || field.ContainsAnyExcept((byte)'Z')) extra.IsUsual = false;
            bytes = bytes[(4 + size)..];
        }
        if (bytes.Length > 0) extra.IsUsual = false;
        return extra;
    }

    /// <summary>A field of 32 ones stands for the next wide number.</summary>
    public void Take(ref long value)
    {
        if (value == uint.MaxValue && numbers.TryDequeue(out long wide)) value = wide;
    }
}
