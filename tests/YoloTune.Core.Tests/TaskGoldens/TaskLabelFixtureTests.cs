using System.Text;
using System.Text.Json;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Batches;
using YoloTune.Data.Labels;
using YoloTune.Tasks.Obb;
using YoloTune.Tasks.Pose;
using YoloTune.Tests.Data;
using Golden = YoloTune.Tests.Training.Golden;

namespace YoloTune.Tests.TaskGoldens;

/// <summary>
/// The label files of the reference's fixtures, read as it does (strict), and what is done better where it loses labels or goes on with
/// wrong
/// ones.
/// </summary>
public sealed class TaskLabelFixtureTests
{
    // Its own rules there: an error in ours, and tested below.
    private static readonly string[] Refused =
        ["no_kpt_shape", "kpt_shape_bad", "flip_idx_wrong_length", "flip_idx_not_a_permutation"];

    // The reference drops the corners of every image, or makes boxes of lines, and fails or learns nothing later.
    private static readonly string[] BoxRows = ["box_rows_only", "box_file_in_obb_set"];

    public static TheoryData<string, string> Cases => new()
    {
        { "pose", "ordinary" }, { "pose", "missing_file" }, { "pose", "box_only_row" }, { "pose", "two_columns_file_in_three_column_set" },
        { "pose", "extra_column" }, { "pose", "mixed_rows" }, { "pose", "visibility_values" }, { "pose", "unlabelled_points" },
        { "pose", "point_outside" }, { "pose", "box_outside" }, { "pose", "two_columns" },
        { "pose", "three_column_file_in_two_column_set" },
        { "pose", "duplicates" }, { "pose", "class_too_large" }, { "pose", "nan" }, { "pose", "zero_box" }, { "pose", "flip_idx_missing" },
        { "pose", "flip_idx_given" }, { "pose", "only_backgrounds" }, { "obb", "ordinary" }, { "obb", "missing_file" },
        { "obb", "point_order" },
        { "obb", "box_row_in_obb_file" }, { "obb", "xywhr_row" }, { "obb", "three_points" }, { "obb", "odd_count" },
        { "obb", "trailing_difficult_flag" }, { "obb", "polygon_row" }, { "obb", "corner_outside" }, { "obb", "same_straight_box" },
        { "obb", "duplicates" }, { "obb", "class_too_large" }, { "obb", "degenerate" }, { "obb", "dota_original_row" },
        { "obb", "only_backgrounds" },
    };

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Label_files_are_read_as_the_reference_reads_them(string task, string name)
    {
        using TestFiles files = new();
        using JsonDocument document = Document(task);
        JsonElement golden = Case(document, name);
        DatasetDescription description = Write(files, golden);
        TaskLabels labels = Labels(task, description);
        ImageDataset dataset = ImageDataset.Inspect(
            description, "val", new() { Labels = labels, Strictness = LabelStrictness.DropImage }, null, default);
        JsonElement[] kept = [.. golden.GetProperty("kept").EnumerateArray()];
        Assert.Equal(
            kept.Select(image => image.GetProperty("file").GetString()),
            dataset.Images.Select(image => Path.GetFileNameWithoutExtension(image.Path)));
        foreach ((JsonElement expected, DatasetImage image) in kept.Zip(dataset.Images))
        {
            Assert.Equal(Golden.Floats(expected.GetProperty("cls")), image.Labels.Classes);
            Pixels.Near(
                Golden.Floats(expected.GetProperty("boxes")),
                [.. image.Labels.Boxes.SelectMany(box => new[] { box.X, box.Y, box.Width, box.Height })], 1e-6);
            string points = task == "pose" ? "keypoints" : "polygons";
            IReadOnlyList<float[]> own = (task == "pose" ? image.Labels.Keypoints : image.Labels.Polygons) ?? [];
            JsonElement[] wanted = [.. expected.GetProperty(points).EnumerateArray()];
            Assert.Equal(wanted.Length, own.Count);
            for (int i = 0; i < own.Count; i++) Pixels.Near(Golden.Floats(wanted[i]), own[i], 1e-6);
        }
        CompareItems(task, name, golden, dataset);
    }

    [SkippableTheory]
    [InlineData("no_kpt_shape", "kpt_shape")]
    [InlineData("kpt_shape_bad", "2 or 3")]
    [InlineData("flip_idx_wrong_length", "flip_idx")]
    [InlineData("flip_idx_not_a_permutation", "flip_idx")]
    public void A_description_without_usable_keypoints_is_refused(string name, string word)
    {
        Assert.Contains(name, Refused);
        using TestFiles files = new();
        using JsonDocument document = Document("pose");
        DatasetException error = Assert.Throws<DatasetException>(() => Labels("pose", Write(files, Case(document, name))));
        Assert.Contains(word, error.Message + error.Remedy, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [SkippableFact]
    public void Without_flip_idx_nothing_is_mirrored()
    {
        using TestFiles files = new();
        using JsonDocument document = Document("pose");
        Assert.False(Labels("pose", Write(files, Case(document, "flip_idx_missing"))).CanFlip);
        Assert.True(Labels("pose", Write(files, Case(document, "flip_idx_given"))).CanFlip);
    }

    [SkippableFact]
    public void A_set_of_box_rows_alone_is_refused_for_oriented_boxes()
    {
        using TestFiles files = new();
        using JsonDocument document = Document("obb");
        DatasetDescription description = Write(files, Case(document, BoxRows[0]));
        DatasetException error = Assert.Throws<DatasetException>(
            () => ImageDataset.Load(description, "val", new() { Labels = new RotatedLabels() }));
        Assert.Contains("are boxes", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Box_rows_beside_corners_are_upright_boxes_and_reported()
    {
        using TestFiles files = new();
        using JsonDocument document = Document("obb");
        DatasetDescription description = Write(files, Case(document, BoxRows[1]));
        ImageDataset dataset = ImageDataset.Load(description, "val", new() { Labels = new RotatedLabels() });
        Assert.Equal(2, dataset.InstanceCount);
        Assert.All(dataset.Images, image => Assert.Equal(8, image.Labels.Polygons![0].Length));
        Assert.Equal(ProblemAction.Kept, Assert.Single(dataset.Problems).Action);
    }

    [SkippableFact]
    public void Two_oriented_boxes_with_one_straight_box_are_two_objects()
    {
        using TestFiles files = new();
        using JsonDocument document = Document("obb");
        ImageDataset dataset = ImageDataset.Load(
            Write(files, Case(document, "same_straight_box")), "val", new() { Labels = new RotatedLabels() });
        Assert.Equal(2, dataset.InstanceCount);
    }

    private static void CompareItems(string task, string name, JsonElement golden, ImageDataset dataset)
    {
        if (!golden.TryGetProperty("items", out JsonElement list)) return;
        JsonElement[] items = [.. list.EnumerateArray()];
        if (items.Length == 0 || items.Any(item => item.TryGetProperty("error", out _))) return;
        int position = 0;
        foreach (ImageBatch batch in new ValidationBatches(dataset, new() { ImageSize = 64, BatchSize = 1, Rect = false }).Read())
        {
            using (batch)
            {
                JsonElement item = items[position++];
                float[] expected = Golden.Floats(item.GetProperty("bboxes"));
                if (task == "pose")
                {
                    Pixels.Near(expected, batch.Objects[0].Boxes, 1e-6);
                    Pixels.Near(Golden.Floats(item.GetProperty("keypoints")), (float[])batch.Objects[0].Parts["keypoints"].Values, 1e-6);
                    continue;
                }
                float[] actual = (float[])batch.Objects[0].Parts["rotated"].Values;
                Assert.Equal(expected.Length, actual.Length);
                for (int i = 0; i < expected.Length; i += 5)
                {
                    OrientedBox box = new(actual[i] * 64, actual[i + 1] * 64, actual[i + 2] * 64, actual[i + 3] * 64, actual[i + 4]);
                    float[] wanted = [expected[i] * 64, expected[i + 1] * 64, expected[i + 2] * 64, expected[i + 3] * 64, expected[i + 4]];
                    // README: any smallest rectangle of a triangle.
                    if (name == "three_points") Assert.Equal(wanted[2] * wanted[3], box.Width * box.Height, wanted[2] * wanted[3] * 1e-4f);
                    else Evaluation.OrientedBoxTests.Same(wanted, box, name, 1e-4f, wanted[3] < 1e-3f ? 1e-3f : 1e-4f);
                }
            }
        }
        Assert.Equal(items.Length, position);
    }

    private static TaskLabels Labels(string task, DatasetDescription description) =>
        task == "pose" ? KeypointLabels.Of(description) : new RotatedLabels();

    private static JsonDocument Document(string task) => Shared.Json($"reference/tasks/{task}/goldens/label_fixtures.json");

    private static JsonElement Case(JsonDocument document, string name) => document.RootElement.GetProperty("cases").EnumerateArray()
        .Single(item => item.GetProperty("name").GetString() == name);

    private static DatasetDescription Write(TestFiles files, JsonElement golden)
    {
        int index = 0;
        foreach (JsonElement content in golden.GetProperty("files").EnumerateArray())
        {
            files.Image($"images/val/{index}.png", 43, 64);
            if (content.ValueKind == JsonValueKind.String) files.Text($"labels/val/{index}.txt", content.GetString()!);
            index++;
        }
        StringBuilder yaml = new("train: images/val\nval: images/val\nnames: [a, b]\n");
        foreach (string key in (string[])["kpt_shape", "flip_idx"])
        {
            if (golden.GetProperty("data").TryGetProperty(key, out JsonElement value)) yaml.Append($"{key}: {value.GetRawText()}\n");
        }
        return DatasetDescription.Load(files.Text("data.yaml", yaml.ToString()));
    }
}
