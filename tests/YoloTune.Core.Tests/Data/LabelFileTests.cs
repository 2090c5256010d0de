using System.Text.Json;
using Xunit;
using YoloTune.Data;
using YoloTune.Data.Labels;

namespace YoloTune.Tests.Data;

public sealed class LabelFileTests
{
    [SkippableFact]
    public void The_strict_reading_accepts_what_the_golden_accepts()
    {
        using JsonDocument golden = Shared.Json(Pixels.Goldens + "label_fixtures.json");
        foreach (JsonElement item in golden.RootElement.GetProperty("fixtures").EnumerateArray())
        {
            // The others are about the image file and stand in DetectionDatasetTests.
            if (item.GetProperty("image").GetString() != "a.jpg" || item.GetProperty("label_text").GetString() is not { } text) continue;
            string name = item.GetProperty("name").GetString()!;
            LabelRules rules = new()
            {
                ClassCount = item.GetProperty("nc").GetInt32(),
                SingleClass = item.GetProperty("single_cls").GetBoolean(),
                Strictness = LabelStrictness.DropImage,
            };
            LabelFileContent content = LabelFile.Parse(text, "a.txt", rules);
            Assert.True(item.GetProperty("accepted").GetBoolean() == content.Labels is not null, name);
            Assert.True(content.Labels is not null || content.Problems.Count > 0, name);
            if (content.Labels is null) continue;
            float[] rows = [.. Enumerable.Range(0, content.Labels.Count).SelectMany(i => Row(content.Labels, i))];
            Pixels.Near([.. item.GetProperty("rows_cls_xywh").EnumerateArray().SelectMany(row => row.Floats())], rows, 1e-6); // README
            Assert.True(item.GetProperty("message_emitted").GetBoolean() == content.Problems.Count > 0, name);
            JsonElement polygons = item.GetProperty("polygons");
            Assert.True((polygons.ValueKind == JsonValueKind.Null) == content.Labels.Polygons is null, name);
            if (content.Labels.Polygons is null) continue;
            Pixels.Near(
                [.. polygons.EnumerateArray().SelectMany(polygon => polygon.EnumerateArray().SelectMany(point => point.Floats()))],
                [.. content.Labels.Polygons.SelectMany(polygon => polygon)], 1e-6);
        }
    }

    [SkippableFact]
    public void The_label_path_follows_the_golden()
    {
        Skip.If(Path.DirectorySeparatorChar != '/', "The golden's paths are those of Unix.");
        using JsonDocument golden = Shared.Json(Pixels.Goldens + "label_fixtures.json");
        foreach (JsonProperty item in golden.RootElement.GetProperty("label_path_from_image_path").EnumerateObject())
            Assert.Equal(item.Value.GetString(), LabelFile.PathFor(item.Name));
    }

    [Theory]
    [InlineData("0 0.5 0.5 0.2 0.2\n3 0.5 0.5 0.2 0.2", "class id 3 is beyond the dataset's 3 classes")]
    [InlineData("0 0.5 0.5 0.2 0.2\n-1 0.5 0.5 0.2 0.2", "class id -1 is negative")]
    [InlineData("0 0.5 0.5 0.2 0.2\n0 -0.5 0.5 0.2 0.2", "coordinate -0.5 is negative")]
    [InlineData("0 0.5 0.5 0.2 0.2\n0 0.5 40 0.2 0.2", "coordinate 40 is larger than 1")]
    [InlineData("0 0.5 0.5 0.2 0.2\n0 nan 0.5 0.2 0.2", "'nan' is not a finite number")]
    [InlineData("0 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.2", "4 fields")]
    [InlineData("0 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.2 0.2 0.9", "6 fields")]
    [InlineData("0 0.5 0.5 0.2 0.2\nperson 0.5 0.5 0.2 0.2", "the class 'person' is not a number")]
    [InlineData("0 0.5 0.5 0.2 0.2\n0 0,5 0,5 0,2 0,2", "must be a point, not a comma")]
    [InlineData("0 0.5 0.5 0.2 0.2\n0,0.5,0.5,0.2,0.2", "separated by commas")]
    [InlineData("0 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.2 0.2", "repeats an earlier one")]
    [InlineData("0 0.5 0.5 0.2 0.2\n1 0.1 0.2 0.5 0.2 0.5 0.6 0.1", "an odd number")]
    public void A_bad_row_is_dropped_with_its_line_and_the_good_one_stays(string text, string reason)
    {
        LabelFileContent content = LabelFile.Parse(text, "a.txt", new LabelRules { ClassCount = 3 });
        Assert.Equal([0.5f], content.Labels!.Boxes.Select(box => box.X));
        DatasetProblem problem = Assert.Single(content.Problems);
        Assert.Equal(2, problem.Line);
        Assert.Equal(ProblemAction.RowDropped, problem.Action);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_any_good_row_drops_the_image_instead_of_making_it_a_background()
    {
        LabelFileContent content = LabelFile.Parse("0 40 30 10 10\n", "a.txt", new LabelRules { ClassCount = 3 });
        Assert.Null(content.Labels);
        Assert.Equal(ProblemAction.ImageDropped, Assert.Single(content.Problems).Action);
    }

    [Theory]
    [InlineData("\uFEFF0 0.5 0.5 0.2 0.2\r\n1\t0.2 0.2 0.1 0.1\r\n")]
    [InlineData("0 0.5 0.5 0.2 0.2\n   \n1 0.2 0.2 0.1 0.1")]
    public void Byte_order_mark_tabs_and_blank_lines_are_no_fault(string text)
    {
        LabelFileContent content = LabelFile.Parse(text, "a.txt", new LabelRules { ClassCount = 3 });
        Assert.Equal(2, content.Labels!.Count);
        Assert.Empty(content.Problems);
    }

    [Fact]
    public void A_box_row_among_polygons_stays_a_box()
    {
        LabelFileContent content = LabelFile.Parse(
            "1 0.1 0.2 0.5 0.2 0.5 0.6 0.1 0.7\n0 0.5 0.5 0.2 0.3\n", "a.txt", new LabelRules { ClassCount = 3 });
        Assert.Equal(new LabelBox(0.5f, 0.5f, 0.2f, 0.3f), content.Labels!.Boxes[1]);
        Assert.Equal(8, content.Labels.Polygons![1].Length);
        Assert.Empty(content.Problems);
    }

    private static float[] Row(LabelSet labels, int i)
        => [labels.Classes[i], labels.Boxes[i].X, labels.Boxes[i].Y, labels.Boxes[i].Width, labels.Boxes[i].Height];
}
