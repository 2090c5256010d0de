using System.Text.Json;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Batches;
using YoloTune.Data.Labels;
using YoloTune.Tasks.Segmentation;
using YoloTune.Tests.Data;

namespace YoloTune.Tests.Segmentation;

/// <summary>The ten label files of the reference, read as it does (strict), and what we do better where it loses or crashes.</summary>
public sealed class LabelFixtureTests
{
    public static TheoryData<string> Cases => [
        "polygons", "two_points_beside_polygon", "one_point", "duplicates", "same_box_other_polygon", "box_file_and_polygon_file",
        "only_boxes", "empty_and_missing", "odd_coordinates", "outside",
    ];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Label_files_are_read_as_the_reference_reads_them(string name)
    {
        using TestFiles files = new();
        using JsonDocument document = SegmentGolden.Json("label_fixtures.json");
        JsonElement golden = Case(document, name);
        DatasetDescription description = Write(files, golden);
        DatasetOptions options = new() { Labels = new MaskLabels(new()), Strictness = LabelStrictness.DropImage };
        ImageDataset dataset = ImageDataset.Inspect(description, "val", options, null, default);
        if (golden.TryGetProperty("error", out _))
        {
            Assert.Empty(dataset.Images);
            Assert.Throws<DatasetException>(() => ImageDataset.Load(description, "val", options));
            return;
        }
        JsonElement[] images = [.. golden.GetProperty("images").EnumerateArray()];
        Assert.Equal(images.Select(image => image.GetProperty("file").GetString()),
            dataset.Images.Select(image => Path.GetFileName(image.Path)));
        foreach ((JsonElement expected, DatasetImage image) in images.Zip(dataset.Images))
        {
            Assert.Equal(expected.GetProperty("cls").Floats(), image.Labels.Classes);
            Pixels.Near(
                [.. expected.GetProperty("boxes_xywhn").EnumerateArray().SelectMany(row => row.Floats())],
                [.. image.Labels.Boxes.SelectMany(box => new[] { box.X, box.Y, box.Width, box.Height })], 1e-6);
            float[][] polygons = [.. expected.GetProperty("polygons").EnumerateArray().Select(SegmentGolden.Points)];
            Assert.Equal(polygons.Length, image.Labels.Polygons?.Count ?? 0);
            for (int i = 0; i < polygons.Length; i++) Pixels.Near(polygons[i], image.Labels.Polygons![i], 1e-6);
        }
        JsonElement[] items = [.. golden.GetProperty("items").EnumerateArray()];
        if (items.Any(item => item.TryGetProperty("error", out _))) return;
        int position = 0;
        foreach (ImageBatch batch in new ValidationBatches(dataset, new() { ImageSize = 64, BatchSize = 1, Rect = false }).Read())
        {
            using (batch)
            {
                JsonElement item = items[position++];
                Assert.Equal(item.GetProperty("n_boxes").GetInt32(), batch.Objects[0].Count);
                TargetPart masks = batch.Objects[0].Parts[MaskLabels.Masks];
                Assert.Equal(item.GetProperty("mask_shape").Ints()[1..].Select(side => (long)side), masks.Shape);
                Assert.Equal(item.GetProperty("mask_max").GetDouble(), ((short[])masks.Values).Max());
            }
        }
    }

    [SkippableFact]
    public void Boxes_among_polygons_are_kept_and_reported()
    {
        using TestFiles files = new();
        using JsonDocument document = SegmentGolden.Json("label_fixtures.json");
        ImageDataset dataset = Load(Write(files, Case(document, "box_file_and_polygon_file")));
        Assert.Equal(2, dataset.InstanceCount);
        Assert.Equal(8, dataset.Images[0].Labels.Polygons![0].Length);
        DatasetProblem problem = Assert.Single(dataset.Problems);
        Assert.Equal((ProblemAction.Kept, 1), (problem.Action, problem.Line!.Value));
        Assert.Contains("four corners", problem.Reason);
    }

    [SkippableFact]
    public void Two_objects_with_one_box_are_two_objects()
    {
        using TestFiles files = new();
        using JsonDocument document = SegmentGolden.Json("label_fixtures.json");
        ImageDataset dataset = Load(Write(files, Case(document, "same_box_other_polygon")));
        Assert.Equal(2, dataset.InstanceCount);
        Assert.Empty(dataset.Problems);
    }

    [SkippableFact]
    public void A_set_of_boxes_alone_is_refused_with_the_remedy()
    {
        using TestFiles files = new();
        using JsonDocument document = SegmentGolden.Json("label_fixtures.json");
        DatasetException error = Assert.Throws<DatasetException>(() => Load(Write(files, Case(document, "only_boxes"))));
        Assert.Contains("all 2 labels of the split 'val' are boxes", error.Message);
        Assert.Contains("detection model", error.Remedy);
    }

    [Theory]
    [InlineData("0 0.1 0.1", "three points")]
    [InlineData("0 0.1 0.1 0.5 0.1 0.3 0.6 0.2", "odd number")]
    [InlineData("0 0.1 0.1 0.5 0.1 0.3", "6 fields")]
    public void A_bad_row_is_dropped_with_its_line(string row, string reason)
    {
        LabelFileContent content = LabelFile.Parse(
            "0 0.1 0.1 0.5 0.1 0.3 0.6\n" + row, "a.txt", new LabelRules { ClassCount = 1, Rows = LabelRowKind.Polygons });
        Assert.Equal(1, content.Labels!.Count);
        DatasetProblem problem = Assert.Single(content.Problems);
        Assert.Equal((2, ProblemAction.RowDropped), (problem.Line!.Value, problem.Action));
        Assert.Contains(reason, problem.Reason);
    }

    private static ImageDataset Load(DatasetDescription description) =>
        ImageDataset.Load(description, "val", new() { Labels = new MaskLabels(new()) });

    private static JsonElement Case(JsonDocument document, string name) => document.RootElement.GetProperty("cases").EnumerateArray()
        .Single(item => item.GetProperty("name").GetString() == name);

    private static DatasetDescription Write(TestFiles files, JsonElement golden)
    {
        int index = 0;
        foreach (JsonElement content in golden.GetProperty("files").EnumerateArray())
        {
            files.Image($"images/val/{index}.png", 64, 64);
            if (content.ValueKind == JsonValueKind.String) files.Text($"labels/val/{index}.txt", content.GetString()!);
            index++;
        }
        return DatasetDescription.Load(files.Text("data.yaml", "train: images/val\nval: images/val\nnames: [a, b]\n"));
    }
}
