using System.Globalization;
using SkiaSharp;
using Xunit;
using YoloTune.Data.Labels;
using YoloTune.DatasetTools.Conversion;

namespace YoloTune.Tests.Data.Conversion;

/// <summary>Outlines of annotations as rows of label files.</summary>
public sealed class OutlineConversionTests : IDisposable
{
    private readonly ConversionFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData("[[8, 6, 40, 6, 40, 30]]", "1 0.1 0.1 0.5 0.1 0.5 0.5")]
    [InlineData("[8, 6, 40, 6, 40, 30]", "1 0.1 0.1 0.5 0.1 0.5 0.5")]
    [InlineData("[[8, 6, 40, 6, 40, 30], [44, 30, 60, 30, 60, 45]]",
        "1 0.1 0.1 0.5 0.1 0.5 0.5 0.55 0.5 0.75 0.5 0.75 0.75 0.55 0.5 0.5 0.5")]
    [InlineData("[[8, 6, 40, 6, 40, 30], [1, 2]]", "1 0.1 0.1 0.5 0.1 0.5 0.5")]
    // Columns 8 to 15 of rows 6 to 11: 8 columns of 60 rows come before.
    [InlineData("{\"size\": [60, 80], \"counts\": [486, 6, 54, 6, 54, 6, 54, 6, 54, 6, 54, 6, 54, 6, 54, 6, 3888]}",
        "1 0.10625 0.108333 0.10625 0.191667 0.19375 0.191667 0.19375 0.108333")]
    public void A_segmentation_becomes_an_outline(string segmentation, string row)
    {
        fixture.Coco("""{"id": 1, "image_id": 1000000000001, "category_id": 90, "bbox": [8, 6, 32, 24], """
            + $$""" "segmentation": {{segmentation}}}""");
        ConversionResult result = Convert("coco.json");
        Assert.Equal([row], fixture.Rows("a"));
        Assert.Equal(0, result.BoxOutlines);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[[1, 2]]")]
    [InlineData("{\"size\": [60, 80], \"counts\": \"abc\"}")]
    [InlineData("{\"size\": [60, 80], \"counts\": [1, 2]}")]
    public void An_object_without_an_outline_gets_the_corners_of_its_box(string segmentation)
    {
        fixture.Coco("""{"id": 1, "image_id": 1000000000001, "category_id": 90, "bbox": [8, 6, 32, 24], """
            + $$""" "segmentation": {{segmentation}}}""");
        ConversionResult result = Convert("coco.json");
        Assert.Equal(["1 0.1 0.1 0.5 0.1 0.5 0.5 0.1 0.5"], fixture.Rows("a"));
        Assert.Equal(1, result.BoxOutlines);
    }

    [Fact]
    public void Two_objects_with_one_box_are_two_objects()
    {
        const string Annotation =
            """{"id": ID, "image_id": 1000000000001, "category_id": 90, "bbox": [8, 6, 32, 24], "segmentation": [[POINTS]]}""";
        fixture.Coco(string.Join(
            ", ", new[] { "8, 6, 40, 6, 40, 30", "8, 6, 40, 30, 8, 30" }.Select((points, i) =>
                Annotation.Replace("ID", i.ToString(CultureInfo.InvariantCulture)).Replace("POINTS", points))));
        Assert.Equal(2, Convert("coco.json").Boxes);
    }

    [Fact]
    public void Shapes_of_LabelMe_become_outlines()
    {
        fixture.Files.Image("lm/a.png");
        string mask = Png();
        fixture.Files.Text("lm/a.json", $$"""
            {"imagePath": "a.png", "imageWidth": 80, "imageHeight": 60, "shapes": [
             {"label": "x", "shape_type": "polygon", "points": [[20, 30], [40, 15], [60, 30], [40, 45]]},
             {"label": "x", "shape_type": "rectangle", "points": [[20, 15], [60, 45]]},
             {"label": "x", "shape_type": "circle", "points": [[40, 30], [48, 30]]},
             {"label": "x", "shape_type": "mask", "points": [[20, 15], [24, 18]], "mask": "{{mask}}"}]}
            """);
        ConversionResult result = Convert("lm");
        string[] rows = fixture.Rows("a");
        Assert.Equal("0 0.25 0.5 0.5 0.25 0.75 0.5 0.5 0.75", rows[0]);
        Assert.Equal("0 0.25 0.25 0.75 0.25 0.75 0.75 0.25 0.75", rows[1]);
        Assert.Equal(1 + 2 * 36, rows[2].Split(' ').Length);
        Assert.StartsWith("0 0.6 0.5 ", rows[2], StringComparison.Ordinal);
        Assert.Equal("0 0.25625 0.258333 0.25625 0.291667 0.29375 0.291667 0.29375 0.258333", rows[3]);
        Assert.Equal(1, result.BoxOutlines);
    }

    private ConversionResult Convert(string source) =>
        DatasetConverter.Convert(fixture.Options(source) with { Rows = LabelRowKind.Polygons });

    // 4 x 3 pixels, all of them set.
    private static string Png()
    {
        using SKBitmap bitmap = new(4, 3);
        bitmap.Erase(SKColors.White);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return System.Convert.ToBase64String(data.ToArray());
    }
}
