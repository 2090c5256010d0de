using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;
using YoloTune.Images;

namespace YoloTune.Tests.Data;

/// <summary>A folder that goes with the test, its name with blanks, brackets and CJK characters, and image files of every kind.</summary>
internal sealed class TestFiles : IDisposable
{
    public TestFiles() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), $"yolo tune [1] 画像 {Guid.NewGuid():N}");

    public string PathOf(string name)
    {
        string path = Path.Combine(Root, name.Replace('/', Path.DirectorySeparatorChar));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public string Text(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    public string Bytes(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    /// <summary>An image whose pixels differ from place to place; the extension chooses the format.</summary>
    public string Image(string name, int height = 60, int width = 80, int seed = 0)
    {
        using ImageBuffer image = Pattern(height, width, seed);
        ImageEncoder.Save(image, PathOf(name));
        return PathOf(name);
    }

    public static ImageBuffer Pattern(int height, int width, int seed = 0)
    {
        ImageBuffer image = ImageBuffer.Rent(height, width);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                uint red = (uint)(x * 3 + seed * 40) & 255, green = (uint)(y * 4) & 255, blue = (uint)(x + y) & 255;
                image.Row(y)[x] = 0xFF000000u | red << 16 | green << 8 | blue;
            }
        }
        return image;
    }

    /// <summary>A JPEG with an EXIF orientation, 1 to 8.</summary>
    public string Exif(string name, ushort orientation, int height = 60, int width = 80)
    {
        byte[] jpeg = File.ReadAllBytes(Image(name, height, width));
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0,
            0, 0, 0, 0,
        ];
        return Bytes(name, [.. jpeg[..2], .. exif, .. jpeg[2..]]);
    }

    /// <summary>A PNG written by hand: bit depth and colour type as given, one row after the other.</summary>
    public string Png(string name, int height, int width, byte depth, byte colourType, byte[] rows, byte[]? palette = null)
    {
        using MemoryStream file = new();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colourType);
        Chunk(file, "IHDR"u8, header);
        if (palette is not null) Chunk(file, "PLTE"u8, palette);
        using MemoryStream packed = new();
        using (ZLibStream zip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            int stride = rows.Length / height;
            for (int y = 0; y < height; y++)
            {
                zip.WriteByte(0);
                zip.Write(rows, y * stride, stride);
            }
        }
        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return Bytes(name, file.ToArray());
    }

    /// <summary>A copy of a PNG with another chunk behind its header.</summary>
    public string WithChunk(string png, string name, ReadOnlySpan<byte> type, byte[] data)
    {
        const int headerEnd = 8 + 25;
        byte[] bytes = File.ReadAllBytes(png);
        using MemoryStream file = new();
        file.Write(bytes, 0, headerEnd);
        Chunk(file, type, data);
        file.Write(bytes, headerEnd, bytes.Length - headerEnd);
        return Bytes(name, file.ToArray());
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void Chunk(Stream file, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        uint crc = 0xFFFFFFFF;
        foreach (byte value in (byte[])[.. type, .. data])
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        BinaryPrimitives.WriteUInt32BigEndian(number, ~crc);
        file.Write(number);
    }
}
