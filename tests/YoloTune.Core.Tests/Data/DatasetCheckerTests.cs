using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.DatasetTools.Checks;
using YoloTune.Images;

namespace YoloTune.Tests.Data;

public sealed class DatasetCheckerTests : IDisposable
{
    private readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Classes_are_told_with_their_share_and_what_each_split_has()
    {
        Write("train", "a", "0 0.5 0.5 0.1 0.1\n0 0.4 0.5 0.1 0.1\n1 0.5 0.5 0.2 0.2\n");
        Write("val", "b", "0 0.5 0.5 0.1 0.1\n", seed: 9);
        DatasetReport report = Check();
        Assert.Equal([3, 1, 0], report.Classes.Select(balance => balance.Boxes));
        Assert.Equal([2, 1, 0], report.Classes.Select(balance => balance.Images));
        Assert.Equal([0.75, 0.25, 0], report.Classes.Select(balance => balance.Share));
        Assert.Equal(3, report.Imbalance);
        Assert.Equal([("train", 2, 0.667), ("val", 1, 0.333)],
            report.Classes[0].Splits.Select(split => (split.Split, split.Boxes, Math.Round(split.Share!.Value, 3))));
        Assert.Null(report.Classes[2].Splits[0].Share);
    }

    [Theory]
    [InlineData(640, 1, 1, 1)] // 80 x 60 images become 640 x 480: boxes of 24 x 24, 80 x 60 and 320 x 240 pixels
    [InlineData(80, 2, 1, 0)] // 3 x 3, 10 x 7.5 and 40 x 30
    public void Sizes_of_boxes_are_those_of_COCO_at_the_given_size(int imageSize, int small, int medium, int large)
    {
        Write("train", "a", "0 0.5 0.5 0.0375 0.05\n0 0.4 0.5 0.125 0.125\n1 0.5 0.5 0.5 0.5\n");
        BoxSizes sizes = Check(new() { ImageSize = imageSize }).BoxSizes;
        Assert.Equal((small, medium, large, 3), (sizes.Small, sizes.Medium, sizes.Large, sizes.Total));
        Assert.Equal(0.125, sizes.Width!.Median, 1e-6);
        Assert.Equal(4 / 3.0, sizes.Aspect!.Median, 1e-6); // two of the three are as wide as the image in shape
        Assert.Equal(1, sizes.Aspect.P5, 0.05);
    }

    [Fact]
    public void Without_a_box_there_are_no_quantiles()
    {
        Write("train", "a", "");
        DatasetReport report = Check();
        Assert.Null(report.BoxSizes.Width);
        Assert.Null(report.Imbalance);
        Assert.All(report.Classes, balance => Assert.Equal(0, balance.Share));
    }

    [Fact]
    public void A_near_copy_in_another_split_is_a_problem_that_names_both_files()
    {
        string original = Photo("train", "a", seed: 1, side: 400), other = Photo("val", "b", seed: 2, side: 400);
        string copy = files.PathOf("images/val/c.jpg");
        using (ImageBuffer image = ImageDecoder.Decode(original))
        using (ImageBuffer smaller = Resizer.Resize(image, 240, 240)) ImageEncoder.Save(smaller, copy, 70);
        foreach (string name in (string[])["train/a", "val/b", "val/c"]) files.Text($"labels/{name}.txt", "0 0.5 0.5 0.1 0.1\n");
        DatasetReport report = Check();
        DuplicateImage pair = Assert.Single(report.Duplicates);
        Assert.Equal((original, copy, false), (pair.FirstPath, pair.SecondPath, pair.IsExact));
        Assert.InRange(pair.Distance, 1, 48);
        DatasetProblem problem = Assert.Single(report.Problems);
        Assert.Equal((copy, ProblemAction.Kept), (problem.File, problem.Action));
        Assert.Contains(original, problem.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(other, problem.Reason, StringComparison.Ordinal);
        Assert.True(report.IsGood);
        Assert.Empty(Check(new() { HashDistance = 0 }).Duplicates);
    }

    [Fact]
    public void Of_equal_files_the_second_split_names_each_once()
    {
        string original = Photo("train", "a", seed: 1, side: 100);
        File.Copy(original, files.PathOf("images/train/a2.jpg"));
        File.Copy(original, files.PathOf("images/val/b.jpg"));
        DuplicateImage pair = Assert.Single(Check().Duplicates);
        Assert.Equal((0, original), (pair.Distance, pair.FirstPath));
    }

    [Fact]
    public void Splits_that_share_their_images_are_one_problem()
    {
        foreach (int seed in (int[])[1, 2, 3])
        {
            Photo("train", $"p{seed}", seed, side: 100);
            files.Text($"labels/train/p{seed}.txt", "0 0.5 0.5 0.1 0.1\n");
        }
        DatasetReport report = DatasetChecker.Check(
            DatasetDescription.Load(files.Text("data.yaml", "train: images/train\nval: images/train\nnc: 3\n")));
        Assert.Equal(3, report.Duplicates.Count);
        Assert.Contains("train and val share 3 images", Assert.Single(report.Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantiles_lie_between_their_neighbours() =>
        Assert.Equal(new Quantiles(1.2, 2, 3, 4, 4.8), Quantiles.Of([5, 4, 3, 2, 1]));

    private DatasetReport Check(DatasetCheckOptions? options = null)
    {
        Directory.CreateDirectory(Path.Combine(files.Root, "images", "val"));
        string splits = Directory.EnumerateFiles(Path.Combine(files.Root, "images", "val")).Any() ? "val: images/val\n" : "";
        return DatasetChecker.Check(
            DatasetDescription.Load(files.Text("data.yaml", $"train: images/train\n{splits}nc: 3\n")), check: options);
    }

    private void Write(string split, string name, string labels, int seed = 0)
    {
        Photo(split, name, seed, side: 80, height: 60);
        files.Text($"labels/{split}/{name}.txt", labels);
    }

    // Blobs of brightness at random places, as unlike from seed to seed as photographs are.
    private string Photo(string split, string name, int seed, int side, int? height = null)
    {
        RandomStream random = new(seed, "photo");
        (double X, double Y, double Size, double Level)[] blobs =
            [.. Enumerable.Range(0, 12).Select(_ =>
                (random.NextDouble(), random.NextDouble(), random.Uniform(0.1, 0.3), random.Uniform(-90, 90)))];
        using ImageBuffer image = ImageBuffer.Rent(height ?? side, side);
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < side; x++)
            {
                double level = 128 + blobs.Sum(blob => blob.Level * Math.Exp(
                    -(Math.Pow(x / (double)side - blob.X, 2) + Math.Pow(y / (double)image.Height - blob.Y, 2)) / (blob.Size * blob.Size)));
                image.Row(y)[x] = 0xFF000000u | (uint)Math.Clamp(level, 0, 255) * 0x010101u;
            }
        }
        ImageEncoder.Save(image, files.PathOf($"images/{split}/{name}.jpg"));
        return files.PathOf($"images/{split}/{name}.jpg");
    }
}
