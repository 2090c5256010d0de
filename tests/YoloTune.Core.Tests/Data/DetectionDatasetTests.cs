using System.Globalization;
using System.Text.Json;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Batches;
using YoloTune.Data.Labels;

namespace YoloTune.Tests.Data;

public sealed class DetectionDatasetTests : IDisposable
{
    private readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [SkippableTheory]
    [InlineData(LabelStrictness.DropRow)]
    [InlineData(LabelStrictness.DropImage)]
    public void Coco128_counts_equal_the_golden(LabelStrictness strictness)
    {
        using JsonDocument golden = Shared.Json(Pixels.Goldens + "labels_coco128.json");
        JsonElement expected = golden.RootElement;
        ImageDataset dataset = Coco128(new DatasetOptions { Strictness = strictness });
        Assert.Empty(dataset.Problems);
        Assert.Equal(expected.GetProperty("images").GetInt32(), dataset.Images.Count);
        Assert.Equal(expected.GetProperty("instances").GetInt32(), dataset.InstanceCount);
        Assert.Equal(expected.GetProperty("backgrounds_count").GetInt32(), dataset.BackgroundCount);
        (IReadOnlyList<int> images, IReadOnlyList<int> instances) = dataset.CountClasses();
        for (int id = 0; id < 80; id++)
        {
            string key = id.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(Count("per_class_instances", key), instances[id]);
            Assert.Equal(Count("per_class_images", key), images[id]);
        }
        LabelBox[] boxes = [.. dataset.Images.SelectMany(image => image.Labels.Boxes)];
        double[] sums = expected.GetProperty("box_sum_xywh_float64").Doubles();
        Assert.Equal(sums[0], boxes.Sum(box => (double)box.X), 1e-3); // README
        Assert.Equal(sums[1], boxes.Sum(box => (double)box.Y), 1e-3);
        Assert.Equal(sums[2], boxes.Sum(box => (double)box.Width), 1e-3);
        Assert.Equal(sums[3], boxes.Sum(box => (double)box.Height), 1e-3);
        int Count(string table, string id) => expected.GetProperty(table).TryGetProperty(id, out JsonElement count) ? count.GetInt32() : 0;
    }

    [SkippableFact]
    public void Class_filter_single_class_and_fraction_equal_the_golden()
    {
        using JsonDocument golden = Shared.Json(Pixels.Goldens + "labels_coco128.json");
        ImageDataset filtered = Coco128(new DatasetOptions { Classes = new HashSet<int> { 0, 2 } });
        JsonElement expected = golden.RootElement.GetProperty("classes_0_2");
        Assert.Equal(expected.GetProperty("images").GetInt32(), filtered.Images.Count);
        Assert.Equal(expected.GetProperty("instances").GetInt32(), filtered.InstanceCount);
        Assert.Equal(expected.GetProperty("backgrounds").GetInt32(), filtered.BackgroundCount);
        ImageDataset single = Coco128(new DatasetOptions { SingleClass = true });
        Assert.Equal(["item"], single.Names);
        Assert.Equal([0f], single.Images.SelectMany(image => image.Labels.Classes).Distinct());
        foreach (JsonProperty fraction in golden.RootElement.GetProperty("fraction_train_image_counts").EnumerateObject())
        {
            double part = double.Parse(fraction.Name, CultureInfo.InvariantCulture);
            Assert.Equal(fraction.Value.GetInt32(), Coco128(new DatasetOptions { Fraction = part }).Images.Count);
        }
    }

    [SkippableTheory]
    [InlineData("imgsz640_batch16", 640, 16)]
    [InlineData("imgsz640_batch32", 640, 32)]
    [InlineData("imgsz320_batch16", 320, 16)]
    public void Rectangular_batches_equal_the_golden(string name, int imageSize, int batchSize)
    {
        using JsonDocument golden = Shared.Json(Pixels.Goldens + "labels_coco128.json");
        JsonElement expected = golden.RootElement.GetProperty("val_rect").GetProperty(name);
        ImageDataset dataset = Coco128();
        RectLayout layout = RectLayout.Create(dataset.Images, batchSize, imageSize);
        Assert.Equal(Shapes(expected.GetProperty("batch_shapes_hw")), layout.Shapes);
        string[] names = [.. layout.Order.Select(i => Path.GetFileNameWithoutExtension(dataset.Images[i].Path))];
        Assert.Equal(Stems(expected.GetProperty("order_first20")), names.Take(20));
        Assert.Equal(Stems(expected.GetProperty("first_image_each_batch")), names.Chunk(batchSize).Select(batch => batch[0]));
        if (name == "imgsz640_batch16")
        {
            Assert.Equal(
                Shapes(golden.RootElement.GetProperty("train_rect_imgsz640_batch16_shapes_hw")),
                RectLayout.Create(dataset.Images, 16, 640, pad: 0).Shapes);
        }
        static IEnumerable<string?> Stems(JsonElement names)
            => names.EnumerateArray().Select(name => Path.GetFileNameWithoutExtension(name.GetString()));
        static IEnumerable<(int, int)> Shapes(JsonElement rows)
            => rows.EnumerateArray().Select(row => (row[0].GetInt32(), row[1].GetInt32()));
    }

    [Fact]
    public void A_jpeg_without_its_end_mark_is_kept_and_told_of()
    {
        byte[] whole = File.ReadAllBytes(files.Image("whole.jpg"));
        files.Image("images/a.jpg");
        files.Bytes("images/endless.jpg", whole[..^2]);
        ImageDataset dataset = ImageDataset.Load(Describe("images", 3), "val");
        Assert.Equal(2, dataset.Images.Count);
        // Without labels the split is of no use for training, which is reported too.
        DatasetProblem problem = Assert.Single(dataset.Problems, problem => problem.Action != ProblemAction.SplitUnusable);
        Assert.Equal((ProblemAction.Kept, "endless.jpg"), (problem.Action, Path.GetFileName(problem.File)));
    }

    [SkippableFact]
    public void Image_fixtures_are_accepted_as_in_the_golden_and_never_rewritten()
    {
        using JsonDocument golden = Shared.Json(Pixels.Goldens + "label_fixtures.json");
        byte[] whole = File.ReadAllBytes(files.Image("whole.jpg"));
        files.Image("images/a.jpg");
        files.Image("images/small.png", height: 9);
        files.Exif("images/exif3.jpg", 3);
        files.Exif("images/exif5.jpg", 5);
        files.Exif("images/exif6.jpg", 6);
        files.Bytes("images/trunc.jpg", whole[..^200]);
        string trailing = files.Bytes("images/trail.jpg", [.. whole, 1, 2, 3]);
        files.Text("images/garbage.jpg", "not an image");
        ImageDataset dataset = ImageDataset.Load(Describe("images", 3), "val");
        foreach (JsonElement item in golden.RootElement.GetProperty("fixtures").EnumerateArray())
        {
            string name = item.GetProperty("image").GetString()!;
            DatasetImage? image = dataset.Images.FirstOrDefault(image => Path.GetFileName(image.Path) == name);
            if (name == "a.jpg") continue;
            Assert.True(item.GetProperty("accepted").GetBoolean() == image is not null, name);
            // Orientation 5 is turned here, as the pixels are; the reference records the size of the file (TRAINING.md 1.3).
            if (image is not null && name != "exif5.jpg")
                Assert.Equal(item.GetProperty("shape_hw").Ints(), new[] { image.Height, image.Width });
        }
        Assert.Equal(whole.Length + 3, new FileInfo(trailing).Length);
        Assert.Equal(3, dataset.Problems.Count);
        Assert.All(dataset.Problems, problem => Assert.Equal(ProblemAction.ImageDropped, problem.Action));
    }

    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    public void Bad_rows_are_reported_and_nothing_else_is_lost_in_any_culture(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            for (int i = 0; i < 4; i++) files.Image($"images/train/图 {i}[a].png", seed: i);
            files.Text("labels/train/图 0[a].txt", "\uFEFF0 0.5 0.5 0.25 0.25\r\n1\t0.5 0.5 0.5 0.5\r\n");
            files.Text("labels/train/图 1[a].txt", "0 0.5 0.5 0.25 0.25\n7 0.5 0.5 0.25 0.25\n0 0,5 0,5 0,2 0,2\n");
            files.Text("labels/train/图 2[a].txt", "");
            ImageDataset dataset = ImageDataset.Load(Describe("images/train", 2), "val");
            Assert.Equal(4, dataset.Images.Count);
            Assert.Equal(3, dataset.InstanceCount);
            Assert.Equal(2, dataset.BackgroundCount);
            Assert.Equal([2, 3], dataset.Problems.Select(problem => problem.Line!.Value));
            Assert.Equal(0.25f, dataset.Images[0].Labels.Boxes[0].Width);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_list_file_may_have_a_byte_order_mark_and_windows_line_ends()
    {
        string first = files.Image("images/a.png"), second = files.Image("images/b.png");
        files.Text("list.txt", $"\uFEFF./images/a.png\r\n{second}\r\nimages/missing.png\r\n");
        ImageDataset dataset = ImageDataset.Load(Describe("list.txt", 1), "val");
        Assert.Equal([first, second], dataset.Images.Select(image => image.Path));
        DatasetProblem problem = Assert.Single(dataset.Problems);
        Assert.Equal((files.PathOf("list.txt"), 3), (problem.File, problem.Line));
    }

    [Fact]
    public void A_missing_split_an_empty_folder_and_a_missing_path_are_told_apart()
    {
        Directory.CreateDirectory(files.PathOf("empty"));
        Assert.Contains("no split 'test'", Error(() => ImageDataset.Load(Describe("empty", 1), "test")), StringComparison.Ordinal);
        Assert.Contains("holds no image", Error(() => ImageDataset.Load(Describe("empty", 1), "val")), StringComparison.Ordinal);
        Assert.Contains("does not exist", Error(() => ImageDataset.Load(Describe("nowhere", 1), "val")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("val: images\nnc: 2\nnames: [a]\n", "nc is 2, but there are 1 names")]
    [InlineData("val: images\n", "neither 'names' nor 'nc'")]
    [InlineData("val: images\nnames: {0: a, 2: b}\n", "its ids go up to 2")]
    [InlineData("val: images\nnames: {x: a}\n", "'x' in names is not a whole number")]
    [InlineData("val: images\nnc: many\n", "nc is 'many'")]
    [InlineData("names: [a]\n", "no split is described")]
    [InlineData("path: nowhere\nval: images\nnames: [a]\n", "'path: nowhere' |does not exist")]
    [InlineData("val: [a, b\nnames: [a]\n", "not valid YAML")]
    [InlineData("just a text", "not a dataset description")]
    public void A_wrong_description_says_what_is_wrong(string yaml, string reason)
    {
        string path = files.Text("data.yaml", yaml);
        DatasetException error = Assert.Throws<DatasetException>(() => DatasetDescription.Load(path));
        Assert.Equal(path, error.File);
        Assert.Contains(reason.Split('|')[^1], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_come_from_a_list_a_map_or_the_count()
    {
        Assert.Equal(["a", "b"], Names("names: [a, b]"));
        Assert.Equal(["a", "b"], Names("names: {1: b, 0: a}"));
        Assert.Equal(["no", "1"], Names("names: {'0': no, '1': 1}"));
        Assert.Equal(["class_0", "class_1"], Names("nc: 2"));
        IReadOnlyList<string> Names(string line) => DatasetDescription.Load(files.Text("data.yaml", $"val: images\n{line}\n")).Names;
    }

    [Fact]
    public void A_folder_stands_for_the_description_in_it_and_other_spellings_are_understood()
    {
        files.Image("train/images/a.png");
        files.Text("data.yaml", "train: ../train/images\nvalidation: ../train/images\nnames: [a]\n");
        DatasetDescription description = DatasetDescription.Load(files.Root);
        Assert.Single(description.ImagesOf("train"));
        Assert.Single(description.ImagesOf("val"));
    }

    private static string Error(Action action) => Assert.Throws<DatasetException>(action).Message;

    private DatasetDescription Describe(string val, int classes)
        => DatasetDescription.Load(files.Text("data.yaml", $"train: {val}\nval: {val}\nnc: {classes}\n"));

    internal static ImageDataset Coco128(DatasetOptions? options = null)
        => ImageDataset.Load(DatasetDescription.Load(Shared.Path("data/coco128/data.yaml")), "train", options);
}
