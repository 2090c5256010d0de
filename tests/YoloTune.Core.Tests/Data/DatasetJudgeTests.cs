using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.DatasetTools.Checks;
using YoloTune.Runs;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.Data;

/// <summary>What Test-YoloDataset calls unusable, training refuses, and the other way round.</summary>
public sealed class DatasetJudgeTests : IDisposable
{
    private const string Row = "0 0.5 0.5 0.2 0.2\n";
    private const string Usual = "train: images/train\nval: images/val\nnames: [circle, square]\n";
    private readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("images", "images/{0}/a.txt", "read from the folder 'labels' beside it")]
    [InlineData("images", "Labels/{0}/a.txt", "read from the folder 'labels' beside it")]
    [InlineData("images", "labels/a.txt", "read from the folder 'labels' beside it")]
    [InlineData("images", "annotations/{0}/a.txt", "read from the folder 'labels' beside it")]
    [InlineData("images", "labels/{0}ing/a.txt", "read from the folder 'labels' beside it")]
    [InlineData("images", "labels/{0}/a.TXT", "call it 'a.txt'")]
    [InlineData("images", "labels/{0}/a.png.txt", "call it 'a.txt'")]
    [InlineData("image", "labels/{0}/a.txt", "no folder in the image's path is called 'images'")]
    [InlineData("IMAGES", "labels/{0}/a.txt", "no folder in the image's path is called 'images'")]
    [InlineData("JPEGImages", "labels/{0}/a.txt", "no folder in the image's path is called 'images'")]
    [InlineData("images", "Annotations/{0}/a.xml", "ConvertTo-YoloDataset")]
    [InlineData("images", "images/{0}/_annotations.coco.json", "ConvertTo-YoloDataset")]
    public void Labels_that_lie_there_unread_are_named(string images, string labels, string remedy)
    {
        foreach (string split in (string[])["train", "val"])
        {
            files.Image($"{images}/{split}/a.png", seed: split.Length);
            files.Text(string.Format(System.Globalization.CultureInfo.InvariantCulture, labels, split), Row);
        }
        string yaml = files.Text("data.yaml", Usual.Replace("images/", images + "/", StringComparison.Ordinal));
        DatasetProblem problem = Assert.Single(Unusable(yaml), problem => problem.Reason.Contains("'train'", StringComparison.Ordinal));
        Assert.Contains(remedy, problem.Reason, StringComparison.Ordinal);
        Assert.Contains(problem.Reason, Refusal(yaml), StringComparison.Ordinal);
    }

    [Fact]
    public void Label_files_that_are_all_empty_are_told_from_none()
    {
        Images();
        foreach (string split in (string[])["train", "val"]) files.Text($"labels/{split}/a.txt", "");
        Assert.Contains("1 of 1 label files are there, all of them empty", Unusable(files.Text("data.yaml", Usual))[0].Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Some_images_whose_labels_are_unread_are_a_problem_though_others_are_labelled()
    {
        Good();
        files.Image("images/train/b.png", seed: 9);
        string unread = files.Text("labels/train/b.TXT", Row);
        DatasetReport report = Check(files.Text("data.yaml", Usual));
        DatasetProblem problem = Assert.Single(report.Problems);
        Assert.Equal((unread, ProblemAction.NotRead, false), (problem.File, problem.Action, report.IsGood));
    }

    [Fact]
    public void A_background_beside_a_labelled_image_of_its_name_is_a_background()
    {
        Good();
        files.Image("images/train/deeper/a.png", seed: 7);
        files.Image("images/val/b.png", seed: 8);
        files.Text("labels/train/b.txt", Row);
        Assert.True(Check(files.Text("data.yaml", Usual)).IsGood);
    }

    [Theory]
    [InlineData("train: images/train\nvalid: images/val\nnames: [circle, square]\n",
        "The key 'valid' in line 2 is not read: call it 'val'.")]
    [InlineData("Train: images/train\nval: images/val\nnames: [circle, square]\n",
        "The key 'Train' in line 1 is not read: call it 'train'.")]
    [InlineData("trian: images/train\nval: images/val\nnames: [circle, square]\n",
        "The key 'trian' in line 1 is not read: call it 'train'.")]
    [InlineData("train: images/train\nnames: [circle, square]\n", "Split-YoloDataset")]
    [InlineData("train: images/train\nval: images/nowhere\nnames: [circle, square]\n", "of the split 'val' does not exist")]
    [InlineData("train: images/train\nval: images/val\nnames: [circle, circle]\n", "the classes 0 and 1 have one name, 'circle'")]
    public void A_description_that_training_refuses_is_not_good(string text, string reason)
    {
        Good();
        string yaml = files.Text("data.yaml", text);
        DatasetReport report = Check(yaml);
        Assert.False(report.IsGood);
        Assert.Contains(report.Problems, problem => problem.Reason.Contains(reason, StringComparison.Ordinal));
        Assert.Contains(reason, Refusal(yaml), StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_split_that_is_not_there_keeps_a_set_good()
    {
        Good();
        string yaml = files.Text("data.yaml", Usual + "test: images/test\n");
        DatasetReport report = Check(yaml);
        Assert.True(report.IsGood);
        Assert.Contains("'test'", Assert.Single(report.Problems).Reason, StringComparison.Ordinal);
        Open(yaml);
    }

    [Theory]
    [InlineData("names: [a]\nclasses: [b]\n", "no split is described")]
    [InlineData("training: images/train\nnames: [a]\n", "The key 'training' in line 1 is not read: call it 'train'.")]
    [InlineData("train: images/train\nclasses: [a]\n", "The key 'classes' in line 2 is not read: call it 'names'.")]
    [InlineData("train: images/train\nnames: RBC, WBC; other cells\n",
        "line 2: names is one text, 'RBC, WBC; other cells', and not a list. Write it as a list: names: [RBC, WBC, other cells].")]
    public void Keys_that_look_like_missing_ones_are_named(string yaml, string words) => Assert.Contains(
        words, Assert.Throws<DatasetException>(() => DatasetDescription.Load(files.Text("data.yaml", yaml))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("base: &b\n  train: images/train\n  val: images/val\n  names: [circle, square]\n<<: *b\n")]
    [InlineData(
        "a: &a {train: images/train, val: wrong}\nb: &b {val: images/val}\n<<: [*a, *b]\nval: images/val\nnames: {0: circle, 1: square}\n")]
    [InlineData("n: &n {0: circle}\ntrain: images/train\nval: images/val\nnames: {<<: *n, 1: square}\n")]
    public void Merge_keys_are_read(string text)
    {
        Good();
        string yaml = files.Text("data.yaml", text);
        Assert.True(Check(yaml).IsGood);
        Open(yaml);
    }

    [Fact]
    public void A_link_that_leads_back_is_not_followed_and_each_image_counts_once()
    {
        Good();
        Directory.CreateSymbolicLink(files.PathOf("images/train/self"), files.PathOf("images/train"));
        Directory.CreateSymbolicLink(files.PathOf("images/train/up"), files.Root);
        Directory.CreateSymbolicLink(files.PathOf("images/train/val"), files.PathOf("images/val"));
        DatasetDescription description = DatasetDescription.Load(files.Text("data.yaml", Usual));
        Assert.Equal(2, description.ImagesOf("train").Count);
        Assert.Equal(2, DatasetChecker.Check(description).Problems.Count(problem =>
            problem.Reason.Contains("leads back", StringComparison.Ordinal)));
    }

    [Fact]
    public void Images_of_a_format_that_is_not_read_are_one_problem()
    {
        Good();
        for (int i = 0; i < 5; i++) files.Bytes($"images/train/{i}.tif", [.. "II*\0"u8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        DatasetReport report = Check(files.Text("data.yaml", Usual));
        DatasetProblem problem = Assert.Single(report.Problems);
        Assert.Equal(ProblemAction.ImageDropped, problem.Action);
        Assert.Contains("5 images are of this kind: TIFF is not read", problem.Reason, StringComparison.Ordinal);
        Assert.Equal(5, report.Splits[0].ImagesDropped);
    }

    [Fact]
    public void A_jfif_is_a_JPEG()
    {
        Good();
        File.Move(files.Image("images/train/b.jpg", seed: 3), files.PathOf("images/train/b.jfif"));
        Assert.Equal(2, ImageDataset.Load(DatasetDescription.Load(files.Text("data.yaml", Usual)), "train").Images.Count);
    }

    private void Images()
    {
        files.Image("images/train/a.png");
        files.Image("images/val/a.png", seed: 3);
    }

    private void Good()
    {
        Images();
        foreach (string split in (string[])["train", "val"]) files.Text($"labels/{split}/a.txt", Row);
    }

    private static DatasetReport Check(string yaml) =>
        DatasetChecker.Check(DatasetDescription.Load(yaml), check: new() { HashDistance = 0 });

    private static DatasetProblem[] Unusable(string yaml)
    {
        DatasetReport report = Check(yaml);
        Assert.False(report.IsGood);
        return [.. report.Problems.Where(problem => problem.Action == ProblemAction.SplitUnusable)];
    }

    private static string Refusal(string yaml) => Assert.ThrowsAny<YoloTuneException>(() => Open(yaml)).Message;

    private static void Open(string yaml)
    {
        using var model = TinyRun.Model();
        RunOptions options = new() { Data = yaml, Training = new() { ImageSize = 64, BatchSize = 1, Workers = 1 } };
        RunData.Open(model, options, new(), CancellationToken.None).Dispose();
    }
}
