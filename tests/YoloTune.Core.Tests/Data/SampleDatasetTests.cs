using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.DatasetTools.Checks;
using YoloTune.DatasetTools.Samples;
using YoloTune.Images;

namespace YoloTune.Tests.Data;

public sealed class SampleDatasetTests : IDisposable
{
    private readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_drawn_dataset_is_whole_and_every_class_comes_up(bool png)
    {
        DatasetDescription description = SampleDataset.Create(
            files.PathOf("shapes"),
            new SampleDatasetOptions { Count = 20, ImageSize = 160, Png = png, ClassNames = ["star", "it's a car"] });
        DatasetReport report = DatasetChecker.Check(description);
        Assert.Empty(report.Problems);
        Assert.Empty(report.Duplicates);
        Assert.Equal([16, 4], report.Splits.Select(split => split.Images));
        Assert.Equal(["star", "it's a car"], report.Names);
        Assert.All(report.Splits, split => Assert.All(split.ClassInstances, count => Assert.True(count > 0)));
        Assert.All(report.Splits, split => Assert.Equal(0, split.Backgrounds));
    }

    [Fact]
    public void One_seed_gives_one_dataset()
    {
        byte[] First(string folder, long seed)
        {
            SampleDataset.Create(files.PathOf(folder), new SampleDatasetOptions { Count = 2, ImageSize = 64, Seed = seed, Png = true });
            return File.ReadAllBytes(files.PathOf(folder + "/images/train/000000.png"));
        }
        byte[] one = First("a", 5);
        Assert.Equal(one, First("b", 5));
        Assert.NotEqual(one, First("c", 6));
    }

    [Fact]
    public void The_box_holds_the_shape()
    {
        DatasetDescription description = SampleDataset.Create(
            files.PathOf("one"),
            new SampleDatasetOptions { Count = 1, ImageSize = 200, LargestObjectCount = 1, ClassNames = ["square"], Png = true });
        DatasetImage image = DetectionDataset.Load(description, "train").Images[0];
        var box = Assert.Single(image.Labels.Boxes);
        using ImageBuffer pixels = ImageDecoder.Decode(image.Path);
        uint middle = pixels.Row((int)(box.Y * 200))[(int)(box.X * 200)];
        uint outside = pixels.Row((int)(box.Y * 200))[(int)((box.X + (box.X < 0.5f ? 1 : -1) * (box.Width / 2 + 0.03f)) * 200)];
        int difference = Enumerable.Range(0, 3).Sum(c => Math.Abs((int)((middle >> (8 * c)) & 255) - (int)((outside >> (8 * c)) & 255)));
        Assert.True(difference > 40, $"{middle:X} and {outside:X}");
    }

    [Fact]
    public void A_folder_with_something_in_it_is_left_alone()
    {
        files.Text("full/mine.txt", "mine");
        DatasetException error = Assert.Throws<DatasetException>(() => SampleDataset.Create(files.PathOf("full")));
        Assert.Contains("not empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_drawn_dataset_is_replaced_as_a_whole_only_when_the_new_one_is_drawn()
    {
        SampleDataset.Create(files.PathOf("s"), new() { Count = 6, ImageSize = 64 });
        string note = files.Text("s/note.txt", "mine");
        using CancellationTokenSource stop = new();
        Assert.ThrowsAny<OperationCanceledException>(() => SampleDataset.Create(
            files.PathOf("s"), new() { Count = 4, ImageSize = 64, Force = true }, new StopAtOnce(stop), stop.Token));
        Assert.Equal(6, Count());
        SampleDataset.Create(files.PathOf("s"), new() { Count = 4, ImageSize = 64, Force = true });
        Assert.Equal((4, "mine"), (Count(), File.ReadAllText(note)));
        int Count() => Directory.GetFiles(files.PathOf("s/images"), "*", SearchOption.AllDirectories).Length;
    }

    [Theory]
    [InlineData("# Drawn shapes, seed 0", "images/train/holiday.jpg")]
    [InlineData("# mine", "images/train/000000.jpg")]
    [InlineData("# mine", "labels/val/000000.txt")]
    public void What_was_not_drawn_is_kept_even_with_Force(string comment, string name)
    {
        files.Text("s/data.yaml", comment + "\ntrain: images/train\nnames: [a]\n");
        string mine = files.Text("s/" + name, "mine");
        Assert.Throws<DatasetException>(() => SampleDataset.Create(files.PathOf("s"), new() { Count = 4, ImageSize = 64, Force = true }));
        Assert.Equal("mine", File.ReadAllText(mine));
    }

    [Fact]
    public void Too_many_classes_or_a_class_twice_is_refused()
    {
        Assert.Throws<SelectionException>(() => SampleDataset.Create(
            files.PathOf("x"), new SampleDatasetOptions { ClassNames = [.. Enumerable.Range(0, 13).Select(i => $"c{i}")] }));
        Assert.Throws<SelectionException>(() => SampleDataset.Create(
            files.PathOf("x"), new SampleDatasetOptions { ClassNames = ["a", "a"] }));
    }

    [Fact]
    public void The_checker_finds_labels_without_images_duplicates_and_broken_images()
    {
        byte[] whole = File.ReadAllBytes(files.Image("images/train/a.jpg"));
        files.Text("labels/train/a.txt", "0 0.5 0.5 0.2 0.2\n5 0.5 0.5 0.2 0.2\n");
        files.Image("images/train/nolabel.png", seed: 3);
        files.Text("labels/train/lost.txt", "0 0.5 0.5 0.2 0.2\n");
        files.Bytes("images/val/copy.jpg", whole);
        files.Bytes("images/val/broken.jpg", whole[..300]);
        DatasetReport report = DatasetChecker.Check(DatasetDescription.Load(
            files.Text("data.yaml", "train: images/train\nval: images/val\ntest: images/test\nnc: 2\n")));
        Assert.False(report.IsGood);
        SplitReport train = report.Splits[0];
        Assert.Equal((2, 1, 1), (train.Images, train.Instances, train.Backgrounds));
        Assert.EndsWith("nolabel.png", Assert.Single(train.ImagesWithoutLabels), StringComparison.Ordinal);
        Assert.EndsWith("lost.txt", Assert.Single(train.LabelsWithoutImage), StringComparison.Ordinal);
        DuplicateImage duplicate = Assert.Single(report.Duplicates);
        Assert.Equal(("train", "val"), (duplicate.FirstSplit, duplicate.SecondSplit));
        Assert.Contains(report.Problems, problem => problem is { Line: 2, Action: ProblemAction.RowDropped });
        Assert.Contains(report.Problems, problem => problem.File.EndsWith("broken.jpg", StringComparison.Ordinal));
        Assert.Contains(report.Problems, problem => problem.Reason.Contains("'test'", StringComparison.Ordinal));
    }

    private sealed class StopAtOnce(CancellationTokenSource source) : IProgress<int>
    {
        public void Report(int value) => source.Cancel();
    }
}
