using System.Text;
using Xunit;
using YoloTune.Basics;
using YoloTune.DatasetTools.Conversion;

namespace YoloTune.Tests.Data.Conversion;

public sealed class VocConversionTests : IDisposable
{
    private readonly ConversionFixture fixture = new();

    public VocConversionTests() => fixture.Files.Image("voc/a.png");

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData("1 1 80 60", false, "0 0.5 0.5 1 1")]
    [InlineData("21 16 60 45", false, "0 0.5 0.5 0.5 0.5")]
    [InlineData("20 15 60 45", true, "0 0.5 0.5 0.5 0.5")]
    [InlineData("21.0 16.0 60.0 45.0", false, "0 0.5 0.5 0.5 0.5")]
    [InlineData("60 45 21 16", false, "0 0.5 0.5 0.5 0.5")]
    public void Corners_count_from_one_and_belong_to_the_box_unless_told_otherwise(string corners, bool zeroBased, string row)
    {
        fixture.Voc("voc/a.xml", ConversionFixture.Object("cat", corners));
        ConversionResult result = DatasetConverter.Convert(fixture.Options("voc") with { ZeroBased = zeroBased });
        Assert.Equal([row], fixture.Rows("a"));
        Assert.Equal([AnnotationFormat.Voc], result.Formats);
        Assert.Equal(0, result.Clipped);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Difficult_objects_are_kept_only_when_asked_for(bool include, int boxes)
    {
        string difficult = ConversionFixture.Object("ant", "1 1 19 19", "<difficult>1</difficult>");
        fixture.Voc("voc/a.xml", ConversionFixture.Object("cat", "1 1 9 9") + difficult);
        ConversionResult result = DatasetConverter.Convert(fixture.Options("voc") with { IncludeDifficult = include });
        Assert.Equal(boxes, result.Boxes);
        Assert.Equal(include ? [] : [SkipReason.Difficult], result.Skipped.Select(item => item.Reason));
        if (include) Assert.Equal(["ant", "cat"], result.Classes);
        else Assert.Equal(5, result.Skipped[0].Line);
    }

    [Theory]
    [InlineData("nan 1 9 9", SkipReason.BadBox)]
    [InlineData("Infinity 1 9 9", SkipReason.BadBox)]
    [InlineData("x 1 9 9", SkipReason.BadBox)]
    [InlineData("9 200 3 300", SkipReason.EmptyBox)]
    [InlineData("200 1 300 9", SkipReason.EmptyBox)]
    public void A_box_that_cannot_be_used_is_left_out_with_file_and_line(string corners, SkipReason reason)
    {
        string file = fixture.Voc("voc/a.xml", ConversionFixture.Object("cat", "1 1 9 9") + ConversionFixture.Object("cat", corners));
        SkippedItem skipped = Assert.Single(fixture.Convert("voc").Skipped);
        Assert.Equal((reason, file, 5), (skipped.Reason, skipped.File, skipped.Line));
    }

    [Fact]
    public void A_document_type_declaration_is_refused_with_its_line()
    {
        string file = fixture.Files.Text(
            "voc/a.xml", """
            <?xml version="1.0"?>
            <!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>
            <annotation><filename>&x;</filename></annotation>
            """);
        DatasetException error = Assert.Throws<DatasetException>(() => fixture.Convert("voc"));
        Assert.Equal((file, "line 2"), (error.File, error.Position));
        Assert.Contains("document type", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(fixture.Destination));
    }

    [Theory]
    [InlineData("<annotation>\n<object></annotation>", "line 2")]
    [InlineData("<annotation>\n<object><bndbox/></object></annotation>", "line 2")]
    [InlineData("", "line 1")]
    public void A_damaged_annotation_is_an_error_with_its_line(string xml, string line)
    {
        fixture.Files.Text("voc/a.xml", xml);
        Assert.Equal(line, Assert.Throws<DatasetException>(() => fixture.Convert("voc")).Position);
    }

    [Fact]
    public void A_damaged_annotation_among_others_is_listed_and_its_image_left_out_even_as_a_background()
    {
        fixture.Files.Image("voc/b.png", seed: 2);
        fixture.Files.Image("voc/c.png", seed: 3);
        fixture.Voc("voc/a.xml", ConversionFixture.Object("cat", "1 1 9 9"));
        string damaged = fixture.Files.Text("voc/b.xml", "<annotation>\n<object></annotation>");
        ConversionResult result = DatasetConverter.Convert(fixture.Options("voc") with { IncludeBackground = true });
        Assert.Equal(["a.png", "c.png"], fixture.Images());
        SkippedItem skipped = Assert.Single(result.Skipped);
        Assert.Equal((SkipReason.FileUnreadable, damaged, 2), (skipped.Reason, skipped.File, skipped.Line));
    }

    [Fact]
    public void Every_object_without_a_name_is_listed_and_stops_nothing()
    {
        fixture.Files.Image("voc/b.png", seed: 2);
        fixture.Voc("voc/a.xml", ConversionFixture.Object("", "1 1 9 9") + ConversionFixture.Object("cat", "1 1 9 9"));
        fixture.Voc("voc/b.xml", ConversionFixture.Object("", "1 1 9 9"), filename: "b.png");
        ConversionResult result = fixture.Convert("voc");
        Assert.Equal(["a.png"], fixture.Images());
        Assert.Equal([SkipReason.NoClassName, SkipReason.NoClassName, SkipReason.NothingUsable],
            result.Skipped.Select(item => item.Reason));
    }

    [Theory]
    [InlineData("<polygon><x1>21</x1><y1>16</y1><x2>60</x2><y2>20</y2><x3>30</x3><y3>45</y3></polygon>")]
    [InlineData("<polygon><pt><x>21</x><y>16</y></pt><pt><x>60</x><y>45</y></pt></polygon>")]
    [InlineData("<bndbox></bndbox><polygon><x1>60</x1><y1>45</y1><x2>21</x2><y2>16</y2></polygon>")]
    public void A_polygon_stands_in_for_a_missing_box(string shape)
    {
        fixture.Voc("voc/a.xml", $"<object><name>cat</name>{shape}</object>");
        fixture.Convert("voc");
        Assert.Equal(["0 0.5 0.5 0.5 0.5"], fixture.Rows("a"));
    }

    [Fact]
    public void An_image_with_nothing_but_difficult_objects_is_no_background()
    {
        fixture.Files.Image("voc/b.png", seed: 2);
        fixture.Voc("voc/a.xml", ConversionFixture.Object("cat", "1 1 9 9"));
        fixture.Voc("voc/b.xml", ConversionFixture.Object("cat", "1 1 9 9", "<difficult>1</difficult>"), filename: "b.png");
        Assert.Equal(0, fixture.Convert("voc").Backgrounds);
        Assert.Equal(["a.png"], fixture.Images());
    }

    [Fact]
    public void A_name_in_Latin_1_without_a_declaration_is_read()
    {
        string xml = File.ReadAllText(fixture.Voc("voc/a.xml", ConversionFixture.Object("Blüte", "1 1 9 9")));
        fixture.Files.Bytes("voc/a.xml", System.Text.Encoding.Latin1.GetBytes(xml));
        Assert.Equal(["Blüte"], fixture.Convert("voc").Classes);
    }

    [Theory]
    [InlineData("utf-16", "utf-8", "Blüte")]
    [InlineData("utf-8", "utf-16", "Blüte")]
    [InlineData("gb2312", "gb2312", "花")]
    [InlineData("windows-1250", "windows-1250", "květ")]
    [InlineData("ISO-8859-1", "utf-16", "Blüte")]
    public void A_declaration_of_an_encoding_is_believed_where_the_bytes_allow(string declared, string real, string name)
    {
        string xml = File.ReadAllText(fixture.Voc("voc/a.xml", ConversionFixture.Object(name, "1 1 9 9")));
        Encoding encoding = CodePagesEncodingProvider.Instance.GetEncoding(real) ?? Encoding.GetEncoding(real);
        fixture.Files.Bytes("voc/a.xml", encoding.GetBytes($"<?xml version='1.0' encoding='{declared}'?>\n{xml}"));
        Assert.Equal([name], fixture.Convert("voc").Classes);
    }

    [Theory]
    [InlineData("v/images/train", "v", null)]
    [InlineData("v", "v", null)]
    [InlineData("v/ann", "v", "v/images/train")]
    [InlineData("v/ann", "v", "v")]
    [InlineData("v/ann", "v", "link/train")]
    [InlineData("v/ann", "vlink", "v/images")]
    public void What_is_read_is_never_in_what_Force_replaces(string source, string destination, string? images)
    {
        string original = fixture.Files.Image("v/images/train/a.png");
        string other = fixture.Files.Image("v/images/train/z.png", seed: 5);
        fixture.Voc((source.Contains("images", StringComparison.Ordinal) ? source : "v/ann") + "/a.xml",
            ConversionFixture.Object("cat", "1 1 9 9"));
        Directory.CreateSymbolicLink(fixture.Files.PathOf("link"), fixture.Files.PathOf("v/images"));
        Directory.CreateSymbolicLink(fixture.Files.PathOf("vlink"), fixture.Files.PathOf("v"));
        ConversionOptions options = fixture.Options(source) with
        {
            Force = true, Destination = fixture.Files.PathOf(destination),
                ImagePaths = images is null ? [] : [fixture.Files.PathOf(images)],
        };
        Assert.Contains("originals would be lost", Assert.Throws<DatasetException>(() => DatasetConverter.Convert(options)).Message,
            StringComparison.Ordinal);
        Assert.True(File.Exists(original) && File.Exists(other));
    }

    [Fact]
    public void A_description_by_hand_is_replaced_only_with_Force()
    {
        fixture.Voc("voc/a.xml", ConversionFixture.Object("cat", "1 1 9 9"));
        string yaml = fixture.Files.Text("out/data.yaml", "# mine\ntrain: images/train\nnames: [cat]\n");
        Assert.Throws<DatasetException>(() => DatasetConverter.Convert(fixture.Options("voc", "val")));
        Assert.StartsWith("# mine", File.ReadAllText(yaml), StringComparison.Ordinal);
        DatasetConverter.Convert(fixture.Options("voc", "val") with { Force = true });
    }

    [Fact]
    public void The_image_is_the_one_named_as_the_annotation_and_other_documents_are_told()
    {
        fixture.Files.Image("voc/b.JPG");
        fixture.Voc("voc/a.xml", ConversionFixture.Object("cat", "1 1 9 9"));
        fixture.Voc("voc/b.xml", ConversionFixture.Object("cat", "1 1 9 9"), filename: "a.png");
        fixture.Files.Text("voc/project.xml", "<project/>");
        ConversionResult result = fixture.Convert("voc");
        Assert.Equal(["a.png", "b.JPG"], fixture.Images());
        Assert.Equal(SkipReason.NotAnAnnotation, Assert.Single(result.Skipped).Reason);
    }

    [Fact]
    public void The_layout_of_the_challenge_is_known()
    {
        fixture.Files.Image("VOC2012/JPEGImages/2012_1.jpg");
        fixture.Voc("VOC2012/Annotations/2012_1.xml", ConversionFixture.Object("cat", "1 1 9 9"), filename: "2012_1.jpg");
        Assert.Equal(1, fixture.Convert("VOC2012").Boxes);
        Assert.Equal(["2012_1.jpg"], fixture.Images());
    }

    [Theory]
    [InlineData("<size><width>0</width><height>0</height></size>")]
    [InlineData("")]
    public void Without_an_annotated_size_the_image_tells_it(string size)
    {
        fixture.Voc("voc/a.xml", ConversionFixture.Object("cat", "21 16 60 45"), size: size);
        fixture.Convert("voc");
        Assert.Equal(["0 0.5 0.5 0.5 0.5"], fixture.Rows("a"));
    }

    [Fact]
    public void An_image_that_its_EXIF_orientation_turns_is_converted_as_it_is_shown()
    {
        fixture.Files.Exif("voc/turned.jpg", 6);
        fixture.Voc("voc/turned.xml", ConversionFixture.Object("cat", "16 21 45 60"),
            size: "<size><width>60</width><height>80</height></size>");
        fixture.Voc("voc/a.xml", "");
        fixture.Convert("voc");
        Assert.Equal(["0 0.5 0.5 0.5 0.5"], fixture.Rows("turned"));
        fixture.Voc("voc/turned.xml", ConversionFixture.Object("cat", "21 16 60 45"));
        SkippedItem skipped = Assert.Single(DatasetConverter.Convert(fixture.Options("voc") with { Force = true }).Skipped);
        Assert.Equal(SkipReason.SizeMismatch, skipped.Reason);
        Assert.Contains("EXIF", skipped.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_without_an_annotation_are_backgrounds_only_when_asked_for()
    {
        fixture.Voc("voc/a.xml", ConversionFixture.Object("cat", "1 1 9 9"));
        fixture.Files.Image("voc/c.png", seed: 3);
        Assert.Equal(1, fixture.Convert("voc").Images);
        ConversionResult result = DatasetConverter.Convert(fixture.Options("voc", "val") with { IncludeBackground = true });
        Assert.Equal((2, 1), (result.Images, result.Backgrounds));
        Assert.Empty(fixture.Rows("c", "val"));
    }

    [Fact]
    public void Annotations_of_two_formats_ask_for_the_format()
    {
        fixture.Voc("voc/a.xml", ConversionFixture.Object("cat", "1 1 9 9"));
        fixture.Files.Text("voc/a.json", """{"shapes": []}""");
        DatasetException error = Assert.Throws<DatasetException>(() => fixture.Convert("voc"));
        Assert.Contains("-Format", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, DatasetConverter.Convert(fixture.Options("voc") with { Format = AnnotationFormat.Voc }).Boxes);
    }
}
