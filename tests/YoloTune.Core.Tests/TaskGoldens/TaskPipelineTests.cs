using System.Globalization;
using System.Text.Json;
using TorchSharp;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Batches;
using YoloTune.Data.Labels;
using YoloTune.Images;
using YoloTune.Tasks.Obb;
using YoloTune.Tasks.Pose;
using YoloTune.Tests.Data;
using YoloTune.Tests.Segmentation;
using Golden = YoloTune.Tests.Training.Golden;

namespace YoloTune.Tests.TaskGoldens;

/// <summary>Complete items with keypoints and with oriented boxes, with all draws fixed.</summary>
public sealed class TaskPipelineTests(ITestOutputHelper output)
{
    private const int Size = 96;

    private static readonly KeypointShape Points = new(3, 3) { FlipIndex = [1, 0, 2] };

    public static TheoryData<string, string> TrainingItems
    {
        get
        {
            TheoryData<string, string> data = [];
            string[] both =
            [
                "plain", "letterbox_portrait", "flip_horizontal", "flip_vertical", "affine_flips", "affine_rotate", "affine_out",
                "affine_far_out", "perspective", "mosaic", "mosaic_large", "mixup", "cutmix", "background",
            ];
            foreach (string name in both)
            {
                data.Add("pose", name);
                data.Add("obb", name);
            }
            foreach (string name in (string[])["no_flip_idx", "two_columns", "two_columns_affine"]) data.Add("pose", name);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(TrainingItems))]
    public void Complete_items_equal_the_golden(string task, string name)
    {
        string folder = $"reference/tasks/{task}/goldens/";
        using JsonDocument document = Shared.Json(folder + "pipeline.json");
        IReadOnlyDictionary<string, torch.Tensor> golden = Shared.Tensors(folder + "pipeline.safetensors");
        JsonElement item = document.RootElement.GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == name);
        AugmentationOptions options = new();
        foreach (JsonProperty entry in item.GetProperty("hyp").EnumerateObject())
            options = options.With(entry.Name, entry.Value.GetDouble());
        bool twoColumns = name.StartsWith("two_columns", StringComparison.Ordinal);
        TaskLabels labels = Labels(task, twoColumns, name == "no_flip_idx");
        if (!labels.CanFlip) options = options with { FlipLr = 0, FlipUd = 0 };
        string rows = task == "obb" ? RowsName(document) : twoColumns ? "label_rows_two_columns" : "label_rows";
        MemoryImages images = MemoryImages.WithRows(document.RootElement.GetProperty("sources"), golden, Size, rows, new()
        {
            ClassCount = 100, Rows = labels.Rows, Keypoints = labels.Keypoints, Strictness = LabelStrictness.DropImage,
        });
        byte[] planes = new byte[3 * Size * Size];
        List<PixelBox> boxes = new ItemComposer(images, options, labels)
            .Compose(PipelineGoldenTests.Draws(item, options), Size, Size, planes);
        Compare(task, name, golden, labels.Complete(ItemComposer.Normalise(boxes, Size, Size), boxes, Size, Size), Size, Size);
        (int largest, double mean, _) = Pixels.Difference(Pixels.Bytes(golden[name + ".img"]), planes);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: largest {largest}, mean {mean:g3}"));
        // README: pictures as in the detection pipeline.
        Assert.True(largest <= 2 && mean <= 0.3, $"largest {largest}, mean {mean}");
    }

    [SkippableTheory]
    [InlineData("pose")]
    [InlineData("obb")]
    public void Validation_items_equal_the_golden(string task)
    {
        string folder = $"reference/tasks/{task}/goldens/";
        using JsonDocument document = Shared.Json(folder + "pipeline.json");
        IReadOnlyDictionary<string, torch.Tensor> golden = Shared.Tensors(folder + "pipeline.safetensors");
        using TestFiles files = new();
        JsonElement[] sources = [.. document.RootElement.GetProperty("sources").EnumerateArray()];
        for (int i = 0; i < sources.Length; i++)
        {
            using ImageBuffer image = Pixels.Image(golden[$"source{i}.bgr"]);
            ImageEncoder.Save(image, files.PathOf(FormattableString.Invariant($"images/val/{i}.png")));
            files.Text(
                FormattableString.Invariant($"labels/val/{i}.txt"),
                string.Join('\n', sources[i].GetProperty(RowsName(document)).EnumerateArray()
                    .Select(row => string.Join(' ', row.EnumerateArray().Select(value => value.GetRawText())))));
        }
        string yaml = files.Text(
            "data.yaml", "train: images/val\nval: images/val\nnames: [a, b, c]\nkpt_shape: [3, 3]\nflip_idx: [1, 0, 2]\n");
        ImageDataset dataset = ImageDataset.Load(
            DatasetDescription.Load(yaml), "val", new() { Labels = Labels(task, false, false), Strictness = LabelStrictness.DropImage });
        ValidationBatches batches = new(dataset, new ValidationBatchOptions { ImageSize = Size, BatchSize = 2, Workers = 1 });
        int position = 0;
        foreach (ImageBatch batch in batches.Read())
        {
            using (batch)
            {
                for (int i = 0; i < batch.Sources.Count && position < 4; i++)
                {
                    Compare(
                        task, FormattableString.Invariant($"val_{position++}"), golden, batch.Objects[i], (int)batch.Images.shape[2],
                        (int)batch.Images.shape[3]);
                }
            }
        }
        Assert.Equal(4, position);
    }

    [Theory]
    [InlineData("pose")]
    [InlineData("obb")]
    public void Images_without_objects_add_nothing_to_a_batch(string task)
    {
        TaskLabels labels = Labels(task, false, false);
        Instances none = labels.Complete(Instances.None, [], Size, Size);
        Instances one = labels.Complete(
            new([1], [0.5f, 0.5f, 0.2f, 0.2f]),
            [new PixelBox(1, 38, 38, 58, 58) { Keypoints = task == "pose" ? new float[9] : null }], Size, Size);
        using Targets targets = Targets.Of([none, one, none]);
        torch.Tensor part = targets.Part(task == "pose" ? "keypoints" : "rotated");
        Assert.Equal(task == "pose" ? [1L, 3, 3] : [1L, 5], part.shape);
        Assert.Equal(1, targets.ImageIndex.ToSingle());
    }

    private static string RowsName(JsonDocument document) => document.RootElement.GetProperty("sources")[0].EnumerateObject()
        .First(property => property.Name.StartsWith("label_rows", StringComparison.Ordinal)).Name;

    private static TaskLabels Labels(string task, bool twoColumns, bool noFlips) => task == "obb"
        ? new RotatedLabels()
        : new KeypointLabels(Points with { Dimensions = twoColumns ? 2 : 3, FlipIndex = noFlips ? null : Points.FlipIndex });

    private void Compare(
        string task, string name, IReadOnlyDictionary<string, torch.Tensor> golden, Instances found, int height, int width)
    {
        Assert.Equal(SegmentGolden.Values(golden[name + ".cls"]), found.Classes.Select(id => (double)id));
        float[] boxes = [.. golden[name + ".bboxes"].contiguous().data<float>()];
        if (task == "pose")
        {
            Pixels.Near(boxes, found.Boxes, 1e-5); // README
            Pixels.Near([.. golden[name + ".keypoints"].contiguous().data<float>()], (float[])found.Parts["keypoints"].Values,
                1e-6); // README
            return;
        }
        float[] rotated = (float[])found.Parts["rotated"].Values;
        Assert.Equal(boxes.Length, rotated.Length);
        double worst = 0;
        for (int i = 0; i < boxes.Length; i += 5)
        {
            OrientedBox Pixel(float[] values) =>
                new(values[i] * width, values[i + 1] * height, values[i + 2] * width, values[i + 3] * height, values[i + 4]);
            (OrientedBox expected, OrientedBox actual) = (Pixel(boxes), Pixel(rotated));
            if (name == "cutmix" && i == 10)
            {
                // README: three rectangles of one area fit this triangle, any is right.
                Assert.Equal(expected.Width * expected.Height, actual.Width * actual.Height, expected.Width * expected.Height * 1e-4f);
                continue;
            }
            worst = Math.Max(worst, Math.Max(Math.Abs(expected.X - actual.X), Math.Abs(expected.Width - actual.Width)));
            Evaluation.OrientedBoxTests.Same(
                [expected.X, expected.Y, expected.Width, expected.Height, expected.Angle], actual, $"{name} {i / 5}", 1e-4f, 1e-4f);
        }
        output.WriteLine(FormattableString.Invariant($"{name}: {worst:g3} px"));
    }
}
