using System.Buffers.Binary;
using SkiaSharp;

namespace YoloTune.Images;

/// <summary>
/// Reads how a camera was held from a PNG's eXIf chunk (PNG, third edition, section 11.3.4.5), which the codec leaves aside. Whatever is
/// damaged in it counts as upright.
/// </summary>
internal static class PngOrientation
{
    private const int ChunkOverhead = 12, EntryLength = 12;
    private const ushort OrientationTag = 0x0112, ShortType = 3;

    /// <summary>The orientation of the PNG file in these bytes.</summary>
    public static SKEncodedOrigin Of(ReadOnlySpan<byte> file)
    {
        const int SignatureLength = 8;
        ReadOnlySpan<byte> rest = file.Length > SignatureLength ? file[SignatureLength..] : [];
        while (rest.Length >= ChunkOverhead)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - ChunkOverhead) break;
            ReadOnlySpan<byte> type = rest[4..8];
            if (type.SequenceEqual("eXIf"u8)) return OfExif(rest.Slice(8, (int)length));
            if (type.SequenceEqual("IEND"u8)) break;
            rest = rest[(ChunkOverhead + (int)length)..];
        }
        return SKEncodedOrigin.TopLeft;
    }

    /// <summary>The orientation in the first directory of EXIF data.</summary>
    private static SKEncodedOrigin OfExif(ReadOnlySpan<byte> exif)
    {
        // The chunk begins with the TIFF header; some programs write the name of JPEG's segment before it.
        if (exif.StartsWith("Exif\0\0"u8)) exif = exif[6..];
        bool little = exif.StartsWith("II*\0"u8);
        if (!little && !exif.StartsWith("MM\0*"u8)) return SKEncodedOrigin.TopLeft;
        if (exif.Length < 8) return SKEncodedOrigin.TopLeft;
        uint start = little ? BinaryPrimitives.ReadUInt32LittleEndian(exif[4..]) : BinaryPrimitives.ReadUInt32BigEndian(exif[4..]);
        if (start > exif.Length - 2) return SKEncodedOrigin.TopLeft;
        int count = Short(exif[(int)start..], little);
        ReadOnlySpan<byte> entries = exif[((int)start + 2)..];
        for (; count > 0 && entries.Length >= EntryLength; count--, entries = entries[EntryLength..])
        {
            if (Short(entries, little) != OrientationTag) continue;
            int value = Short(entries[2..], little) == ShortType ? Short(entries[8..], little) : 0;
            return value is >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.TopLeft;
        }
        return SKEncodedOrigin.TopLeft;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
