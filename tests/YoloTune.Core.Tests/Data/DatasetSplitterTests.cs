using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.DatasetTools.Checks;
using YoloTune.DatasetTools.Samples;
using YoloTune.DatasetTools.Splitting;
using YoloTune.Images;

namespace YoloTune.Tests.Data;

public sealed class DatasetSplitterTests : IDisposable
{
    private readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [SkippableTheory]
    [InlineData("coco128", 0.2, 0.1, 10)] // Of its 71 classes many have one or two images, which go to train, as the paper has it.
    [InlineData("bccd", 0.2, 0, 3)]
    public void Parts_have_their_share_of_images_and_of_every_class(string name, double validation, double test, int tolerance)
    {
        IReadOnlyList<DatasetPart> parts = DatasetSplitter.Split(
            Shared.Path("data/" + name), new() { Destination = files.PathOf("lists"), Validation = validation, Test = test });
        int all = parts.Sum(part => part.Images);
        foreach (DatasetPart part in parts)
        {
            Assert.InRange(part.Images, part.WantedShare * all - tolerance, part.WantedShare * all + tolerance);
            foreach (ClassShare share in part.Classes.Where(share => share.Images > 0))
            {
                int total = parts.Sum(other => other.Classes[share.ClassId].Images);
                Assert.InRange(share.Images, part.WantedShare * total - tolerance, part.WantedShare * total + tolerance);
            }
        }
    }

    [Fact]
    public void Each_image_is_in_one_part_and_the_lists_are_read_back()
    {
        DatasetDescription source = Sample(30);
        IReadOnlyList<DatasetPart> parts = DatasetSplitter.Split(source.File, new() { Test = 0.2 });
        Assert.Equal(["train", "val", "test"], parts.Select(part => part.Split));
        Assert.Equal("split.yaml", Path.GetFileName(parts[0].Path));
        DatasetDescription result = DatasetDescription.Load(parts[0].Path);
        Assert.Equal(
            source.SplitNames.SelectMany(source.ImagesOf).Order(StringComparer.Ordinal),
            result.SplitNames.SelectMany(result.ImagesOf).Order(StringComparer.Ordinal));
        Assert.Equal(parts[1].Boxes, ImageDataset.Load(result, "val").InstanceCount);
        Assert.All(File.ReadLines(Path.Combine(result.Root, "val.txt")), line =>
            Assert.StartsWith("./images/", line, StringComparison.Ordinal));
        Assert.Equal(source.Names, result.Names);
    }

    [Fact]
    public void The_same_images_are_divided_alike_wherever_they_lie_and_whatever_they_are_called()
    {
        DatasetDescription source = Sample(40);
        string[] Contents(string yaml, string split) =>
            [.. DatasetDescription.Load(yaml).ImagesOf(split).Select(path => Convert.ToBase64String(File.ReadAllBytes(path)))
                .Order(StringComparer.Ordinal)];
        string[] first = Contents(DatasetSplitter.Split(source.File, new() { Seed = 7 })[0].Path, "val");
        string other = files.PathOf("elsewhere/images/x");
        string[] images = [.. source.SplitNames.SelectMany(source.ImagesOf)];
        for (int i = 0; i < images.Length; i++)
        {
            string target = files.PathOf($"elsewhere/images/{(i * 17) % images.Length}.jpg");
            File.Copy(images[i], target);
            File.Copy(YoloTune.Data.Labels.LabelFile.PathFor(images[i]), files.PathOf($"elsewhere/labels/{(i * 17) % images.Length}.txt"));
        }
        Assert.Equal(first, Contents(
            DatasetSplitter.Split(Path.GetDirectoryName(other)!, new() { Seed = 7, Destination = files.PathOf("new") })[0].Path, "val"));
        Assert.NotEqual(first, Contents(DatasetSplitter.Split(source.File, new() { Seed = 8, Force = true })[0].Path, "val"));
    }

    [Fact]
    public void Copies_and_near_copies_stay_together()
    {
        DatasetDescription source = Sample(20);
        string[] images = [.. source.ImagesOf("train")];
        for (int i = 0; i < 8; i++)
        {
            string copy = Path.Combine(source.Root, "images", "val", $"copy{i}.jpg");
            File.Copy(YoloTune.Data.Labels.LabelFile.PathFor(images[i]), YoloTune.Data.Labels.LabelFile.PathFor(copy));
            if (i % 2 == 0)
            {
                File.Copy(images[i], copy);
                continue;
            }
            using ImageBuffer image = ImageDecoder.Decode(images[i]);
            using ImageBuffer smaller = Resizer.Resize(image, image.Height * 3 / 4, image.Width * 3 / 4);
            ImageEncoder.Save(smaller, copy, 80);
        }
        for (int seed = 0; seed < 5; seed++)
        {
            IReadOnlyList<DatasetPart> parts = DatasetSplitter.Split(source.File, new() { Seed = seed, Validation = 0.5, Force = true });
            Assert.Equal((16, 2), (parts.Sum(part => part.Together), parts.Max(part => part.LargestGroup)));
            DatasetDescription result = DatasetDescription.Load(parts[0].Path);
            HashSet<string> train = [.. result.ImagesOf("train")];
            for (int i = 0; i < 8; i++)
                Assert.Equal(train.Contains(images[i]), train.Contains(Path.Combine(source.Root, "images", "val", $"copy{i}.jpg")));
        }
        IReadOnlyList<DatasetPart> exact = DatasetSplitter.Split(source.File, new() { HashDistance = 0, Force = true });
        Assert.Equal(8, exact.Sum(part => part.Together));
    }

    [Fact]
    public void Copies_into_folders_carry_their_labels_and_leave_the_originals()
    {
        DatasetDescription source = Sample(20);
        string[] before = [.. Directory.GetFiles(source.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        DatasetPart train = DatasetSplitter.Split(source.File, new() { Copy = true, Destination = files.PathOf("copy") })[0];
        DatasetDescription result = DatasetDescription.Load(train.Path);
        Assert.Equal(train.Images, Directory.GetFiles(Path.Combine(files.Root, "copy", "images", "train")).Length);
        Assert.Equal(train.Boxes, ImageDataset.Load(result, "train").InstanceCount);
        Assert.Equal(before, Directory.GetFiles(source.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Splits_that_are_not_named_stay()
    {
        DatasetDescription source = Sample(30);
        File.WriteAllText(source.File, File.ReadAllText(source.File)
            .Replace("val: images/val", "test: images/val", StringComparison.Ordinal));
        IReadOnlyList<DatasetPart> parts = DatasetSplitter.Split(source.File, new() { Splits = ["train"] });
        Assert.Equal(24, parts.Sum(part => part.Images));
        Assert.Equal(6, DatasetDescription.Load(parts[0].Path).ImagesOf("test").Count);
        SelectionException error = Assert.Throws<SelectionException>(
            () => DatasetSplitter.Split(source.File, new() { Splits = ["train"], Test = 0.1, Force = true }));
        Assert.Contains("'test'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_there_is_replaced_only_when_forced()
    {
        DatasetDescription source = Sample(20);
        DatasetSplitter.Split(source.File, new());
        Assert.Contains("-Force", Assert.Throws<DatasetException>(() => DatasetSplitter.Split(source.File, new())).Message,
            StringComparison.Ordinal);
        Assert.Equal(10, DatasetSplitter.Split(source.File, new() { Force = true, Validation = 0.5 })[1].Images);
    }

    [Fact]
    public void Lists_that_the_dataset_is_read_from_are_kept_even_when_forced()
    {
        DatasetDescription source = Sample(20);
        string list = Path.Combine(source.Root, "train.txt");
        File.WriteAllLines(list, source.ImagesOf("train"));
        File.WriteAllText(source.File, "train: train.txt\nnc: 4\n");
        string before = File.ReadAllText(list);
        Assert.Contains(
            "-Destination", Assert.Throws<DatasetException>(() => DatasetSplitter.Split(source.File, new() { Force = true })).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(list));
    }

    [Fact]
    public void Copies_never_replace_originals_that_a_link_leads_to()
    {
        DatasetDescription source = Sample(20);
        Directory.CreateSymbolicLink(files.PathOf("copy/images"), Path.Combine(source.Root, "images"));
        Assert.Throws<DatasetException>(() => DatasetSplitter.Split(
            source.File, new() { Copy = true, Force = true, Destination = files.PathOf("copy") }));
        Assert.Equal(20, source.SplitNames.Sum(split => source.ImagesOf(split).Count));
    }

    [Theory]
    [InlineData("test: images/nowhere")]
    [InlineData("test: images/empty")]
    public void A_split_that_is_not_there_is_left_out_with_a_word(string line)
    {
        DatasetDescription source = Sample(20);
        Directory.CreateDirectory(Path.Combine(source.Root, "images", "empty"));
        File.AppendAllText(source.File, line + "\n");
        List<DatasetProblem> told = [];
        Assert.Equal(20, DatasetSplitter.Split(source.File, new(), told.AddRange).Sum(part => part.Images));
        Assert.Contains("'test'", Assert.Single(told).Reason, StringComparison.Ordinal);
        Assert.Throws<DatasetException>(() =>
            DatasetSplitter.Split(source.File, new() { Splits = ["train", "val", "test"], Force = true }));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0.6, 0.4)]
    [InlineData(double.NaN, 0)]
    [InlineData(-0.1, 0.3)]
    public void Shares_that_do_not_work_are_an_error(double validation, double test) => Assert.Throws<SelectionException>(
        () => DatasetSplitter.Split(Sample(4).File, new() { Validation = validation, Test = test }));

    [Fact]
    public void A_part_that_would_be_empty_is_an_error_and_nothing_is_written()
    {
        DatasetDescription source = Sample(3);
        Assert.Throws<SelectionException>(() => DatasetSplitter.Split(source.File, new() { Validation = 0.01 }));
        Assert.False(File.Exists(Path.Combine(source.Root, "split.yaml")));
    }

    [Fact]
    public void Rare_labels_are_dealt_out_before_common_ones()
    {
        // Ten examples have the common label, two of them the rare one too: each part of a half gets one of these.
        var groups = Enumerable.Range(0, 10).Select(i =>
            ((IReadOnlyDictionary<int, int>)(i < 2 ? new Dictionary<int, int> { [0] = 1, [1] = 1 } : new Dictionary<int, int> { [0] = 1 }),
                1)).ToArray();
        for (int seed = 0; seed < 10; seed++)
        {
            int[] parts = IterativeStratification.Assign(groups, 2, [0.5, 0.5], new RandomStream(seed, "test"));
            Assert.NotEqual(parts[0], parts[1]);
            Assert.Equal(5, parts.Count(part => part == 0));
        }
    }

    [Fact]
    public void Chains_of_pairs_are_one_group() =>
        Assert.Equal([0, 1, 0, 0, 2], SimilarImages.Groups(5, [(2, 3, 1), (0, 2, 1)]));

    private DatasetDescription Sample(int count) => SampleDataset.Create(files.PathOf("sample"), new() { Count = count, Force = true });
}
