using SkiaSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Images;

namespace YoloTune.Tests.Data;

public sealed class ImageDecoderTests : IDisposable
{
    private readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("a.png", "png")]
    [InlineData("a.webp", "webp")]
    [InlineData("a.jpg", "jpeg")]
    public void Formats_are_read(string name, string format)
    {
        string path = files.Image(name);
        ImageInfo info = ImageDecoder.ReadInfo(path);
        Assert.Equal(new ImageInfo(60, 80, format), info);
        using ImageBuffer expected = TestFiles.Pattern(60, 80), image = ImageDecoder.Decode(path);
        // A lossless format gives the levels back; the others come near.
        if (format == "png") Assert.Equal(expected.ToBgr(), image.ToBgr());
        else Assert.True(Pixels.Difference(expected.ToBgr(), image.ToBgr()).Mean < 4);
    }

    [Fact]
    public void The_content_decides_and_not_the_extension()
    {
        File.Move(files.Image("a.png"), files.PathOf("b.jpg"));
        Assert.Equal("png", ImageDecoder.ReadInfo(files.PathOf("b.jpg")).Format);
    }

    [Fact]
    public void Sixteen_bit_grey_alpha_and_palette_png_become_eight_bit_colours()
    {
        byte[] deep = [.. Enumerable.Repeat((byte[])[200, 10, 100, 10, 50, 10], 100).SelectMany(pixel => pixel)];
        Check(files.Png("16.png", 10, 10, 16, 2, deep), 50, 100, 200);
        Check(files.Png("grey.png", 10, 10, 8, 0, [.. Enumerable.Repeat((byte)77, 100)]), 77, 77, 77);
        byte[] clear = [.. Enumerable.Repeat((byte[])[200, 100, 50, 3], 100).SelectMany(pixel => pixel)];
        // Alpha is dropped: an almost transparent pixel keeps its colour, as in the reference.
        Check(files.Png("alpha.png", 10, 10, 8, 6, clear), 50, 100, 200);
        Check(files.Png("palette.png", 10, 10, 8, 3, [.. Enumerable.Repeat((byte)1, 100)], [0, 0, 0, 200, 100, 50]), 50, 100, 200);

        static void Check(string path, byte blue, byte green, byte red)
        {
            using ImageBuffer image = ImageDecoder.Decode(path);
            byte[] expected = [.. Enumerable.Repeat((byte[])[blue, green, red], 100).SelectMany(pixel => pixel)];
            Assert.True(Pixels.Difference(expected, image.ToBgr()).Largest <= 1, path);
        }
    }

    [Fact]
    public void A_bitmap_and_the_first_frame_of_a_gif_are_read()
    {
        byte[] bmp = new byte[54 + 12 * 40];
        "BM"u8.CopyTo(bmp);
        BitConverter.TryWriteBytes(bmp.AsSpan(2), bmp.Length);
        (bmp[10], bmp[14], bmp[18], bmp[22], bmp[26], bmp[28]) = (54, 40, 12, 12, 1, 24);
        for (int i = 54; i + 2 < bmp.Length; i += 3) (bmp[i], bmp[i + 1], bmp[i + 2]) = (50, 100, 200);
        using ImageBuffer bitmap = ImageDecoder.Decode(files.Bytes("a.bmp", bmp));
        Assert.Equal((12, 12), (bitmap.Height, bitmap.Width));
        Assert.Equal((byte[])[50, 100, 200], bitmap.ToBgr()[..3]);

        // One pixel of colour 1 of a table of two.
        byte[] gif =
        [
            .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 200, 100, 50, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4C, 1, 0, 0x3B,
        ];
        using ImageBuffer frame = ImageDecoder.Decode(files.Bytes("a.gif", gif));
        Assert.Equal((byte[])[50, 100, 200], frame.ToBgr());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_exif_orientation_stands_upright(ushort orientation)
    {
        string path = files.Exif("o.jpg", orientation);
        ImageInfo info = ImageDecoder.ReadInfo(path);
        using ImageBuffer stored = ImageDecoder.Decode(files.Exif("plain.jpg", 1)), upright = ImageDecoder.Decode(path);
        Assert.Equal((upright.Height, upright.Width), (info.Height, info.Width));
        Assert.Equal(orientation >= 5, upright.Height == 80);
        // Where the stored pixel of row 0, column 0 is shown, by the EXIF standard's own words for each value.
        (int y, int x) = orientation switch
        {
            1 => (0, 0),
            2 => (0, 79),
            3 => (59, 79),
            4 => (59, 0),
            5 => (0, 0),
            6 => (0, 59),
            7 => (79, 59),
            _ => (79, 0),
        };
        Assert.Equal(stored.Row(0)[0], upright.Row(y)[x]);
        // And the pixel right of it, which tells turning from mirroring.
        (int dy, int dx) = orientation switch
        {
            1 or 4 => (0, 1),
            2 or 3 => (0, -1),
            5 or 6 => (1, 0),
            _ => (-1, 0),
        };
        Assert.Equal(stored.Row(0)[40], upright.Row(y + 40 * dy)[x + 40 * dx]);
    }

    [Fact]
    public void A_large_jpeg_is_decoded_at_reduced_scale_only_with_room_to_spare()
    {
        string path = files.Image("big.jpg", 600, 1600);
        using ImageBuffer full = ImageDecoder.DecodeReduced(path, 1000, out _),
            half = ImageDecoder.DecodeReduced(path, 400, out ImageInfo info);
        Assert.Equal(1600, full.Width);
        Assert.Equal((600, 1600), (info.Height, info.Width));
        Assert.Equal((300, 800), (half.Height, half.Width));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(400)]
    public void A_large_jpeg_gives_a_network_the_pixels_that_the_same_picture_gives_as_png(int imageSize)
    {
        string jpeg = files.Image("big.jpg", 600, 1600), png = files.PathOf("big.png");
        using (ImageBuffer whole = ImageDecoder.Decode(jpeg)) ImageEncoder.Save(whole, png);
        using ImageStore store = new(new() { ImageSize = imageSize });
        using ImageBuffer first = store.Load(jpeg), second = store.Load(png);
        Assert.Equal(second.ToBgr(), first.ToBgr());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(6, false)]
    [InlineData(6, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void Every_exif_orientation_of_a_png_stands_upright_as_that_of_a_jpeg_does(byte orientation, bool bigEndian)
    {
        string jpeg = files.Exif("o.jpg", orientation), stored = files.PathOf("stored.png");
        using (ImageBuffer image = ImageDecoder.Decode(files.Exif("plain.jpg", 1))) ImageEncoder.Save(image, stored);
        byte[] number = bigEndian ? [0, orientation] : [orientation, 0];
        byte[] exif = bigEndian
            ? [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, .. number, 0, 0, 0, 0, 0, 0]
            : [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, .. number, 0, 0, 0, 0, 0, 0];
        string png = files.WithChunk(stored, "o.png", "eXIf"u8, exif);
        ImageInfo info = ImageDecoder.ReadInfo(png);
        using ImageBuffer expected = ImageDecoder.Decode(jpeg), upright = ImageDecoder.Decode(png);
        Assert.Equal((expected.Height, expected.Width), (info.Height, info.Width));
        Assert.Equal(expected.ToBgr(), upright.ToBgr());
    }

    [Theory]
    [InlineData("")]
    [InlineData("II*")]
    [InlineData("II*\0\uffff\uffff\uffff\uffff")]
    [InlineData("II*\0\b\0\0\0\uffff\uffff")]
    [InlineData("nonsense")]
    public void Damaged_exif_data_of_a_png_count_for_nothing(string exif)
    {
        byte[] bytes = [.. exif.Select(c => (byte)c)];
        using ImageBuffer image = ImageDecoder.Decode(files.WithChunk(files.Image("a.png"), "b.png", "eXIf"u8, bytes));
        Assert.Equal((60, 80), (image.Height, image.Width));
    }

    [Theory]
    [InlineData(60, 80, 2)]
    [InlineData(60, 80, 1)]
    [InlineData(64, 128, 2)]
    [InlineData(317, 411, 2)]
    public void A_jpeg_that_lacks_only_its_end_mark_is_whole(int height, int width, int missing)
    {
        byte[] whole = File.ReadAllBytes(files.Image("whole.jpg", height, width));
        string path = files.Bytes("endless.jpg", whole[..^missing]);
        using ImageBuffer expected = ImageDecoder.Decode(files.PathOf("whole.jpg"), out ImageInfo complete),
            image = ImageDecoder.Decode(path, out ImageInfo info);
        Assert.Equal((false, true), (complete.LacksEnd, info.LacksEnd));
        Assert.Equal(expected.ToBgr(), image.ToBgr());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(200)]
    public void A_jpeg_that_lacks_more_than_its_end_mark_is_truncated(int missing)
    {
        byte[] whole = File.ReadAllBytes(files.Image("whole.jpg", 317, 411));
        AssertRefused(files.Bytes("cut.jpg", whole[..^missing]), "truncated");
        AssertRefused(files.Bytes("closed.jpg", [.. whole[..^missing], 0xFF]), "truncated");
    }

    [Fact]
    public void A_zero_byte_truncated_or_false_image_names_the_file()
    {
        byte[] whole = File.ReadAllBytes(files.Image("whole.jpg"));
        AssertRefused(files.Bytes("zero.jpg", []), "empty");
        AssertRefused(files.Bytes("cut.jpg", whole[..(whole.Length / 2)]), "truncated");
        AssertRefused(files.Text("text.jpg", "this is not an image"), "not an image");
        AssertRefused(files.PathOf("none.jpg"), "does not exist");
    }

    [Fact]
    public void An_image_of_400_million_pixels_is_refused_or_read_at_reduced_scale()
    {
        // One bit a pixel keeps the file small; the codec would need 1.6 GB for it.
        byte[] rows = new byte[20_000 / 8 * 20_000];
        string path = files.Png("huge.png", 20_000, 20_000, 1, 0, rows);
        AssertRefused(path, "20000 x 20000");
    }

    private static void AssertRefused(string path, string word)
    {
        DatasetException error = Assert.Throws<DatasetException>(() => ImageDecoder.Decode(path));
        Assert.Equal(path, error.File);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }
}
