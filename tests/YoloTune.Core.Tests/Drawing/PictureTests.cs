using SkiaSharp;
using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Drawing;
using YoloTune.Tasks.Detection;

namespace YoloTune.Tests.Drawing;

public sealed class PictureTests
{
    [Fact]
    public void Text_leaves_ink_with_the_typeface_we_carry()
    {
        Assert.Equal("Inter", PictureFont.Regular.FamilyName);
        Assert.True(PictureFont.Bold.IsBold);
        using var picture = new SKBitmap(200, 40);
        using var canvas = new SKCanvas(picture);
        canvas.Clear(SKColors.White);
        PictureFont.Draw(canvas, "WBC 0.87", 4, 28, 24, SKColors.Black);
        Assert.True(Ink.Count(picture, SKColors.White) > 200);
        Assert.InRange(PictureFont.Measure("WBC 0.87", 24), 80, 150);
    }

    [Fact]
    public void Plots_draw_with_the_typeface_we_carry_and_never_with_a_font_of_the_system()
    {
        using var sheet = new PlotSheet();
        ScottPlot.Plot plot = sheet.Add();
        plot.Title("title");
        plot.Add.Scatter(new double[] { 0, 1 }, new double[] { 0, 1 }).LegendText = "curve";
        Assert.Same(PictureFont.Regular, ScottPlot.Fonts.GetTypeface(PictureFont.Family, bold: false, italic: false));
        Assert.Same(PictureFont.Bold, ScottPlot.Fonts.GetTypeface(PictureFont.Family, bold: true, italic: false));
        Assert.All(plot.Axes.GetAxes(), a => Assert.Equal(PictureFont.Family, a.Label.FontName));
        Assert.All(plot.Axes.GetAxes(), a => Assert.Equal(PictureFont.Family, a.TickLabelStyle.FontName));
        Assert.Equal(PictureFont.Family, plot.Axes.Title.Label.FontName);
        using SKBitmap picture = SKBitmap.Decode(plot.GetImageBytes(400, 300, ScottPlot.ImageFormat.Png));
        Assert.True(Ink.Count(picture, SKColors.White, new SKRectI(100, 0, 300, 26)) > 40, "The title left no ink.");
        Assert.True(Ink.Count(picture, SKColors.White, new SKRectI(60, 280, 400, 300)) > 40, "The numbers left no ink.");
    }

    [Fact]
    public void Glyphs_come_from_the_embedded_file_itself()
    {
        // No font of the machine can stand in: the face has the tables of our resource, byte for byte.
        using Stream resource = typeof(PictureFont).Assembly.GetManifestResourceStream("Inter-Regular.ttf")!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        using SKStreamAsset face = PictureFont.Regular.OpenStream();
        Assert.Equal(bytes.Length, face.Length);
    }

    [SkippableFact]
    public void Text_leaves_ink_where_the_system_has_no_font_that_skia_sees()
    {
        Skip.If(HasSystemGlyph('A'), "Skia sees fonts of this system.");
        using var picture = new SKBitmap(200, 40);
        using var canvas = new SKCanvas(picture);
        canvas.Clear(SKColors.White);
        PictureFont.Draw(canvas, "WBC 0.87", 4, 28, 24, SKColors.Black, bold: true);
        Assert.True(Ink.Count(picture, SKColors.White) > 200);
    }

    [SkippableFact]
    public void Characters_that_our_typeface_lacks_come_from_the_system()
    {
        const string Alef = "\u05d0";
        Assert.False(PictureFont.Regular.ContainsGlyphs(Alef));
        Skip.IfNot(HasSystemGlyph(Alef[0]), "No font of this system has a Hebrew letter.");
        Assert.NotEqual(PictureFont.Family, PictureFont.FamilyFor(["a", Alef]));
        using var own = new SKFont(PictureFont.Regular, 40);
        Assert.NotEqual(own.MeasureText(Alef), PictureFont.Measure(Alef, 40));
    }

    [Fact]
    public void Shortened_text_ends_in_an_ellipsis_and_keeps_characters_whole()
    {
        Assert.Equal("abc", PictureFont.Shorten("abc", 3));
        Assert.Equal("ab\u2026", PictureFont.Shorten("abcd", 3));
        Assert.Equal("\U0001F600\u2026", PictureFont.Shorten("\U0001F600\U0001F600\U0001F600", 2));
    }

    [Fact]
    public void Boxes_are_drawn_in_their_class_colour_and_the_source_stays()
    {
        using SKBitmap source = Grey(640, 480);
        using SKBitmap painted = DetectionPainter.Paint(source, [new(100, 200, 300, 400, 2, "WBC", 0.91f)]);
        Assert.True(Ink.Distance(ClassPalette.Colour(2), painted.GetPixel(100, 300)) < 12);
        Assert.True(Ink.Distance(ClassPalette.Colour(2), painted.GetPixel(200, 400)) < 12);
        Assert.Equal(0, Ink.Count(source, SKColors.Gray));
        Assert.Equal(0, Ink.Count(painted, SKColors.Gray, new SKRectI(320, 0, 640, 480)));
    }

    [Fact]
    public void Labels_stay_inside_the_picture_and_do_not_cover_each_other()
    {
        using var scratch = new Scratch();
        using SKBitmap source = Grey(640, 480);
        DrawnBox[] boxes =
        [
            new(0, 0, 200, 150, 0, "at the corner", 0.9f), new(600, 10, 660, 90, 1, "beyond the right edge", 0.8f),
            new(250, 200, 400, 330, 2, "person", 0.95f), new(252, 202, 396, 326, 3, "人 bicycle", 0.6f),
            new(250, 205, 405, 335, 4, "dog", 0.4f),
            new(20, 420, 120, 500, 5, "bottom"), new(float.NaN, 0, 1, 1, 6, "not a number"), new(450, 300, 470, 320, 7, ""),
        ];
        string path = scratch.Path("boxes [1].png");
        DetectionPainter.Save(source, boxes, path);
        using SKBitmap painted = SKBitmap.Decode(path);
        Assert.Equal((640, 480), (painted.Width, painted.Height));
        Assert.True(Ink.Count(painted, SKColors.Gray) > 5000);
    }

    [Fact]
    public void A_file_is_turned_upright_before_boxes_are_drawn()
    {
        using var scratch = new Scratch();
        string source = scratch.Path("turned.jpg");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(source)!);
        using (SKBitmap stored = Grey(60, 40))
        {
            for (int y = 0; y < 20; y++)
            {
                for (int x = 0; x < 30; x++) stored.SetPixel(x, y, SKColors.Red);
            }
            File.WriteAllBytes(source, WithOrientation(stored, 6));
        }
        string path = scratch.Path("upright.png");
        DetectionPainter.Save(source, [], path);
        using SKBitmap upright = SKBitmap.Decode(path);
        Assert.Equal((40, 60), (upright.Width, upright.Height));
        // Orientation 6 shows the stored picture turned a quarter to the right: its left upper quarter comes to the right upper one.
        Assert.True(Ink.Distance(upright.GetPixel(30, 10), SKColors.Red) < 40);
        Assert.True(Ink.Distance(upright.GetPixel(10, 10), SKColors.Gray) < 40);
    }

    [Fact]
    public void Bad_pictures_and_formats_are_refused_by_name()
    {
        using var scratch = new Scratch();
        string text = scratch.Path("no picture.jpg");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(text)!);
        File.WriteAllText(text, "hello");
        Assert.Equal(text, Assert.Throws<DatasetException>(() => DetectionPainter.Save(text, [], scratch.Path("o.png"))).File);
        Assert.Throws<DatasetException>(() => DetectionPainter.Save(scratch.Path("missing.jpg"), [], scratch.Path("o.png")));
        using SKBitmap source = Grey(8, 8);
        var refusal = Assert.Throws<ArgumentException>(() => DetectionPainter.Save(source, [], scratch.Path("o.tif")));
        Assert.Contains(".png", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([text], Directory.GetFiles(System.IO.Path.GetDirectoryName(text)!));
    }

    [Fact]
    public void Neighbouring_classes_have_colours_that_differ()
    {
        SKColor[] colours = [.. Enumerable.Range(0, 20).Select(ClassPalette.Colour)];
        for (int i = 0; i < colours.Length; i++)
        {
            for (int j = 0; j < i; j++) Assert.True(Ink.Distance(colours[i], colours[j]) > 30, $"Classes {i} and {j} look alike.");
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(16, 4)]
    [InlineData(20, 4)]
    public void A_batch_grid_has_as_many_sides_as_its_images_ask_for(int count, int side)
    {
        using var scratch = new Scratch();
        using torch.Tensor images = torch.full([count, 3, 640, 480], 128, dtype: torch.ScalarType.Byte);
        string path = scratch.Path($"train_batch_{count}.jpg");
        BatchMosaicPicture.Save(images, [], path);
        using SKBitmap grid = SKBitmap.Decode(path);
        float scale = Math.Min(1, 1920f / (side * 640));
        Assert.Equal(((int)(480 * scale) * side, (int)(640 * scale) * side), (grid.Width, grid.Height));
        Assert.True(Math.Max(grid.Width, grid.Height) <= BatchMosaicPicture.LongestSide);
    }

    [Fact]
    public void A_batch_grid_is_filled_column_by_column_in_rgb_with_scaled_boxes()
    {
        using var scratch = new Scratch();
        using torch.Tensor images = torch.zeros([3, 3, 600, 600], dtype: torch.ScalarType.Byte);
        images[0, 0] = 255;
        images[1, 1] = 255;
        images[2, 2] = 255;
        string path = scratch.Path("grid.png");
        string[] captions = ["first.jpg", "a very long file name that does not fit [1].jpg"];
        BatchMosaicPicture.Save(images, [[], [new(120, 180, 480, 540, 4, "WBC")]], path, captions);
        using SKBitmap grid = SKBitmap.Decode(path);
        Assert.Equal(SKColors.Red, grid.GetPixel(300, 300));
        Assert.Equal(new SKColor(0, 255, 0), grid.GetPixel(300, 900));
        Assert.Equal(new SKColor(0, 0, 255), grid.GetPixel(900, 300));
        Assert.Equal(SKColors.White, grid.GetPixel(900, 900));
        Assert.True(Ink.Distance(ClassPalette.Colour(4), grid.GetPixel(120, 900)) < 30);
    }

    [Fact]
    public void A_tensor_that_is_no_batch_of_bytes_is_refused()
    {
        using torch.Tensor images = torch.zeros([1, 3, 8, 8]);
        Assert.Throws<ArgumentException>(() => BatchMosaicPicture.Save(images, [], "x.jpg"));
    }

    [SkippableFact]
    public void Annotated_photographs_are_written_in_a_grid()
    {
        using var scratch = new Scratch();
        string bus = Shared.Path("data/images/bus.jpg");
        DrawnBox[] boxes =
        [
            new(3, 230, 806, 746, 5, "bus", 0.93f), new(48, 398, 245, 903, 0, "person", 0.89f), new(669, 392, 810, 877, 0, "person", 0.86f),
            new(221, 406, 345, 859, 0, "person", 0.84f), new(0, 550, 67, 875, 0, "person", 0.45f),
        ];
        DetectionPainter.Save(bus, boxes, scratch.Path("bus.jpg"));
        using SKBitmap photo = SKBitmap.Decode(bus).Resize(new SKSizeI(640, 640), new SKSamplingOptions(SKFilterMode.Linear));
        using SKBitmap rgba = photo.Copy(SKColorType.Rgba8888);
        using torch.Tensor one = torch.tensor(rgba.Bytes, [640, 640, 4], torch.ScalarType.Byte).permute(2, 0, 1)[..3].unsqueeze(0);
        using torch.Tensor batch = one.repeat(11, 1, 1, 1);
        const float X = 640f / 810, Y = 640f / 1080;
        DrawnBox[] small = [.. boxes.Select(b => b with { X1 = b.X1 * X, X2 = b.X2 * X, Y1 = b.Y1 * Y, Y2 = b.Y2 * Y })];
        string path = scratch.Path("val_batch0_pred.jpg");
        BatchMosaicPicture.Save(batch, [.. Enumerable.Repeat(small, 11)], path, [.. Enumerable.Repeat("bus.jpg", 11)]);
        using SKBitmap grid = SKBitmap.Decode(path);
        Assert.Equal((1920, 1920), (grid.Width, grid.Height));
    }

    private static bool HasSystemGlyph(char character)
        => SKFontManager.Default.FontFamilies.Any(f => SKFontManager.Default.MatchFamily(f)?.ContainsGlyph(character) == true);

    private static SKBitmap Grey(int width, int height)
    {
        var picture = new SKBitmap(width, height);
        picture.Erase(SKColors.Gray);
        return picture;
    }

    /// <summary>A JPEG with an EXIF segment of one entry, the orientation.</summary>
    private static byte[] WithOrientation(SKBitmap picture, byte orientation)
    {
        using SKData data = picture.Encode(SKEncodedImageFormat.Jpeg, 95);
        byte[] jpeg = data.ToArray();
        byte[] exif =
        [
            0xff, 0xe1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
