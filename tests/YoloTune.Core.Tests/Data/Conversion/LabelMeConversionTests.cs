using Xunit;
using YoloTune.Basics;
using YoloTune.DatasetTools.Conversion;

namespace YoloTune.Tests.Data.Conversion;

public sealed class LabelMeConversionTests : IDisposable
{
    private readonly ConversionFixture fixture = new();

    public LabelMeConversionTests() => fixture.Files.Image("lm/a.png");

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData("rectangle", "[60, 45], [20, 15]", "0 0.5 0.5 0.5 0.5")]
    [InlineData("polygon", "[20, 30], [40, 15], [60, 30], [40, 45]", "0 0.5 0.5 0.5 0.5")]
    [InlineData("circle", "[40, 30], [43, 34]", "0 0.5 0.5 0.125 0.166667")]
    [InlineData("mask", "[20, 15], [60, 45]", "0 0.5 0.5 0.5 0.5")]
    [InlineData("Rectangle", "[60, 45], [20, 15]", "0 0.5 0.5 0.5 0.5")]
    public void A_shape_becomes_the_box_around_it(string type, string points, string row)
    {
        Write("lm/a.json", Shape(type, points));
        ConversionResult result = fixture.Convert("lm");
        Assert.Equal([row], fixture.Rows("a"));
        Assert.Equal([AnnotationFormat.LabelMe], result.Formats);
    }

    [Theory]
    [InlineData("point", "[20, 30]", SkipReason.ShapeWithoutArea)]
    [InlineData("linestrip", "[20, 30], [30, 40], [1, 2]", SkipReason.ShapeWithoutArea)]
    [InlineData("polygon", "[20, 30], [30, 40]", SkipReason.BadBox)]
    [InlineData("rectangle", "", SkipReason.BadBox)]
    [InlineData("rectangle", "[20, 30], [1, null]", SkipReason.BadBox)]
    [InlineData("rectangle", "[20, 30], [1e999, 1]", SkipReason.BadBox)]
    [InlineData("circle", "[20, 30], [20, 30]", SkipReason.EmptyBox)]
    public void A_shape_that_encloses_nothing_is_left_out_with_its_line(string type, string points, SkipReason reason)
    {
        string file = Write("lm/a.json", Shape(type, points) + ",\n" + Shape("rectangle", "[20, 15], [60, 45]"));
        SkippedItem skipped = Assert.Single(fixture.Convert("lm").Skipped);
        Assert.Equal((reason, file, 2), (skipped.Reason, skipped.File, skipped.Line));
        Assert.Single(fixture.Rows("a"));
    }

    [Fact]
    public void Shapes_that_are_all_left_out_are_an_error_with_the_reason()
    {
        string file = Write("lm/a.json", Shape("linestrip", "[20, 30], [30, 40], [1, 2], [5, 5]"));
        DatasetException error = Assert.Throws<DatasetException>(() => fixture.Convert("lm"));
        Assert.Equal((file, "line 2"), (error.File, error.Position));
        Assert.Contains("'ring' is a linestrip", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_whose_shapes_are_all_left_out_is_no_background()
    {
        fixture.Files.Image("lm/b.png", seed: 4);
        Write("lm/a.json", Shape("rectangle", "[20, 15], [60, 45]"));
        Write("lm/b.json", Shape("point", "[20, 30]").Replace("ring", "bolt", StringComparison.Ordinal), "b.png");
        ConversionResult result = fixture.Convert("lm");
        Assert.Equal(["a.png"], fixture.Images());
        Assert.Equal([SkipReason.ShapeWithoutArea, SkipReason.NothingUsable], result.Skipped.Select(item => item.Reason));
    }

    [Fact]
    public void A_number_is_a_label_and_UTF_16_is_read()
    {
        string text =
            File.ReadAllText(Write("lm/a.json", Shape("rectangle", "[20, 15], [60, 45]").Replace("\"ring\"", "3",
                StringComparison.Ordinal)));
        File.WriteAllText(fixture.Files.PathOf("lm/a.json"), text, System.Text.Encoding.Unicode);
        Assert.Equal(["3"], fixture.Convert("lm").Classes);
        Assert.Equal(["0 0.5 0.5 0.5 0.5"], fixture.Rows("a"));
    }

    [Fact]
    public void A_path_written_on_Windows_is_followed()
    {
        fixture.Files.Image("pictures/deep/w.png", seed: 4);
        Write("lm/w.json", Shape("rectangle", "[20, 15], [60, 45]"), @"..\\pictures\\deep\\w.png");
        fixture.Convert("lm/w.json");
        Assert.Equal(["w.png"], fixture.Images());
    }

    [Fact]
    public void An_absolute_path_of_another_machine_falls_back_to_the_name_beside_the_file()
    {
        Write("lm/a.json", Shape("rectangle", "[20, 15], [60, 45]"), @"D:\\work\\a.png");
        Assert.Equal(1, fixture.Convert("lm").Boxes);
    }

    [Fact]
    public void An_embedded_image_is_written_under_the_name_of_its_file_with_its_real_format()
    {
        string data = Convert.ToBase64String(File.ReadAllBytes(fixture.Files.PathOf("lm/a.png")));
        File.Delete(fixture.Files.PathOf("lm/a.png"));
        Write("lm/one.json", Shape("rectangle", "[20, 15], [60, 45]"), "gone.jpg", data);
        Write("lm/sub/one.json", Shape("circle", "[40, 30], [43, 34]"), "gone.jpg", data);
        ConversionResult result = fixture.Convert("lm");
        Assert.Equal(["one-2.png", "one.png"], fixture.Images());
        Assert.Equal(2, result.Boxes);
        Assert.Equal(2, fixture.Load().InstanceCount);
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("%%%")]
    public void An_embedded_text_that_is_no_image_is_told(string data)
    {
        Write("lm/a.json", Shape("rectangle", "[20, 15], [60, 45]"));
        Write("lm/b.json", Shape("rectangle", "[20, 15], [60, 45]"), "gone.jpg", data);
        SkippedItem skipped = Assert.Single(fixture.Convert("lm").Skipped);
        Assert.Equal(SkipReason.ImageUnreadable, skipped.Reason);
        if (data == "%%%") Assert.Contains("base64", skipped.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_image_without_data_is_told()
    {
        Write("lm/a.json", Shape("rectangle", "[20, 15], [60, 45]"));
        Write("lm/b.json", Shape("rectangle", "[20, 15], [60, 45]"), "gone.jpg");
        Assert.Equal(SkipReason.ImageMissing, Assert.Single(fixture.Convert("lm").Skipped).Reason);
    }

    [Fact]
    public void The_name_of_one_image_tells_no_split_but_that_of_a_folder_or_of_a_COCO_file_does()
    {
        string image = Write("valid/test_1.json", Shape("rectangle", "[20, 15], [60, 45]"));
        string coco = fixture.Coco("", name: "instances_test.json"), broken = fixture.Files.Text("val.json", "{");
        Assert.Equal(["train", "val", "test", "train"],
            new[] { image, Path.GetDirectoryName(image)!, coco, broken }.Select(path => DatasetConverter.DefaultSplit(path, null)));
    }

    [Fact]
    public void A_shape_without_a_label_is_an_error_with_its_line()
    {
        Write("lm/a.json", """{"points": [[1, 2], [3, 4]], "shape_type": "rectangle"}""");
        Assert.Equal("line 2", Assert.Throws<DatasetException>(() => fixture.Convert("lm")).Position);
        Assert.False(Directory.Exists(fixture.Destination));
    }

    private string Write(string name, string shapes, string imagePath = "a.png", string? data = null) => fixture.Files.Text(name, $$"""
        {"version": "5.0.1", "shapes": [
        {{shapes}}], "imagePath": "{{imagePath}}", "imageData": {{(data is null ? "null" : $"\"{data}\"")}}, "imageHeight": 60,
            "imageWidth": 80}
        """);

    private static string Shape(string type, string points) =>
        $$$"""{"label": "ring", "points": [{{{points}}}], "group_id": null, "shape_type": "{{{type}}}", "flags": {}}""";
}
