using System.Text.Json;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Tests.Data;

namespace YoloTune.Tests.Classification;

public sealed class ClassFolderTests
{
    private static readonly HashSet<string> Ours = ["fraction", "val_lacks_class", "val_extra_class", "no_train", "empty_class",
        "only_test", "broken", "yaml_argument"];

    [SkippableFact]
    public void Folder_trees_become_what_the_reference_makes_of_them_or_what_people_expect()
    {
        using JsonDocument golden = ClassGolden.Json("dataset.json");
        int cases = 0;
        foreach (JsonElement entry in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            string name = entry.GetProperty("name").GetString()!;
            if (Ours.Contains(name)) continue;
            using TestFiles files = new();
            foreach (string file in Names(entry.GetProperty("files"))) Picture(files, $"{name}/{file}");
            DatasetDescription description = DatasetDescription.Load(files.PathOf(name));
            JsonElement result = entry.GetProperty("result");
            Assert.Equal(result.GetProperty("names").EnumerateObject().Select(pair => pair.Value.GetString()), description.Names);
            foreach (JsonProperty split in entry.GetProperty("datasets").EnumerateObject())
            {
                ImageDataset dataset = ImageDataset.Load(description, split.Name, new() { Labels = description.OwnLabels });
                string root = files.PathOf(result.GetProperty(split.Name).GetString()!);
                Assert.Equal(
                    split.Value.EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetInt32())),
                    dataset.Images.Select(image =>
                        (Path.GetRelativePath(root, image.Path).Replace('\\', '/'), (int)image.Labels.Classes[0])));
            }
            cases++;
        }
        Assert.Equal(5, cases);
    }

    [Fact]
    public void Classes_of_val_are_those_of_train_by_name()
    {
        using TestFiles files = Tree("train/a/1 train/b/1 train/c/1 val/b/1 val/c/1 val/d/1 val/d/2 val/A/1");
        ImageDataset dataset = Load(files, "val");
        Assert.Equal([("b", 1f), ("c", 2f)],
            dataset.Images.Select(image => (Path.GetFileName(Path.GetDirectoryName(image.Path)!), image.Labels.Classes[0])));
        Assert.Contains(dataset.Problems, problem => problem.Reason.Contains("train has no class 'd'", StringComparison.Ordinal)
            && problem.Reason.Contains("2 images", StringComparison.Ordinal) && problem.File == files.PathOf("set/val/d"));
        Assert.Contains(dataset.Problems, problem => problem.Reason.Contains("Did you mean 'a'?", StringComparison.Ordinal));
        Assert.Contains(dataset.Problems, problem =>
            problem.Reason.Contains("the class 'a' has no image in the split 'val'", StringComparison.Ordinal));
        Assert.Equal(5, dataset.ImagesFound);
    }

    [Fact]
    public void An_empty_class_folder_is_a_class_and_is_reported()
    {
        using TestFiles files = Tree("train/a/1 train/c/1 val/a/1 val/c/1");
        Directory.CreateDirectory(files.PathOf("set/train/b"));
        Directory.CreateDirectory(files.PathOf("set/train/.cache"));
        ImageDataset dataset = Load(files, "train");
        Assert.Equal(["a", "b", "c"], dataset.Names);
        Assert.Equal([0f, 2f], dataset.Images.Select(image => image.Labels.Classes[0]));
        Assert.Contains(dataset.Problems, problem =>
            problem.Reason.Contains("the class 'b' has no image in the split 'train'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fraction_is_taken_of_every_class()
    {
        using TestFiles files = Tree("train/a/0 train/a/1 train/a/2 train/a/3 train/b/0 train/b/1 train/b/2 train/b/3 val/a/1 val/b/1");
        ImageDataset dataset = ImageDataset.Load(
            DatasetDescription.Load(files.PathOf("set")), "train", new() { Labels = TaskLabels.Whole, Fraction = 0.5 });
        Assert.Equal([0f, 0f, 1f, 1f], dataset.Images.Select(image => image.Labels.Classes[0]));
    }

    [Fact]
    public void Folders_of_classes_without_train_are_divided_by_the_names_of_the_files()
    {
        using TestFiles files = Tree("a/0 a/1 a/2 a/3 a/4 b/0 b/1 b/2 b/3 b/4 b/5");
        DatasetDescription description = DatasetDescription.Load(files.PathOf("set"));
        Assert.Contains(description.Problems, problem => problem.Reason.Contains("no folder 'train'", StringComparison.Ordinal));
        string[] train = [.. Load(files, "train").Images.Select(image => image.Path)],
            val = [.. Load(files, "val").Images.Select(image => image.Path)];
        Assert.Equal((8, 3), (train.Length, val.Length));
        Assert.Empty(train.Intersect(val));
        // Where the folder lies and what else there is makes no difference.
        using TestFiles other = Tree("a/0 a/1 a/2 a/3 a/4 b/0 b/1 b/2 b/3 b/4 b/5 c/1 c/2");
        Assert.Equal(
            val.Select(path => Path.GetRelativePath(files.Root, path)),
            Load(other, "val").Images.Select(image => Path.GetRelativePath(other.Root, image.Path))
                .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}c{Path.DirectorySeparatorChar}", StringComparison.Ordinal)));
        Assert.Equal(["a", "b"], description.Names);
    }

    [Fact]
    public void Test_is_measured_where_there_is_no_val_and_that_is_said()
    {
        using TestFiles files = Tree("train/a/1 train/b/1 test/a/1 test/b/1");
        DatasetDescription description = DatasetDescription.Load(files.PathOf("set"));
        Assert.Equal(2, Load(files, "val").Images.Count);
        Assert.Contains("'test' is measured in its place", Assert.Single(description.Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_pictures_are_left_out_with_the_reason()
    {
        using TestFiles files = Tree("train/a/ok train/b/ok");
        byte[] jpeg = File.ReadAllBytes(files.Image("x.jpg"));
        files.Bytes("set/train/a/text.jpg", "no picture"u8.ToArray());
        files.Image("set/train/a/tiny.png", 9, 30);
        files.Bytes("set/train/b/zero.png", []);
        files.Text("set/train/b/notes.txt", "x");
        files.Image("set/train/b/ten.png", 10, 10);
        files.Image("set/train/loose.png");
        ImageDataset dataset = Load(files, "train");
        Assert.Equal(["ok.png", "ok.png", "ten.png"], dataset.Images.Select(image => Path.GetFileName(image.Path)));
        Assert.Equal(4, dataset.Problems.Count(problem => problem.Action == ProblemAction.ImageDropped));
        Assert.Contains(dataset.Problems, problem => problem.Reason.Contains("lie in no class folder", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("train/images/1 train/labels/x val/images/1")]
    [InlineData("images/train/1 labels/train/1")]
    [InlineData("train2017/1 annotations/none.json")]
    [InlineData("JPEGImages/1 Annotations/none.xml")]
    [InlineData("loose.png")]
    public void Folders_of_detection_sets_are_not_taken_for_classes(string tree)
    {
        using TestFiles files = Tree(tree);
        DatasetException error = Assert.Throws<DatasetException>(() => DatasetDescription.Load(files.PathOf("set")));
        Assert.Contains("no dataset YAML", error.Message, StringComparison.Ordinal);
    }

    private static ImageDataset Load(TestFiles files, string split) =>
        ImageDataset.Load(DatasetDescription.Load(files.PathOf("set")), split, new() { Labels = TaskLabels.Whole });

    private static TestFiles Tree(string names)
    {
        TestFiles files = new();
        foreach (string name in names.Split(' '))
        {
            if (Path.HasExtension(name) && Path.GetExtension(name) != ".png") files.Text("set/" + name, "{}");
            else files.Image("set/" + Path.ChangeExtension(name, ".png"));
        }
        return files;
    }

    private static void Picture(TestFiles files, string name)
    {
        string encoded = Path.GetExtension(name).ToLowerInvariant() is ".jpg" or ".webp" ? name : Path.ChangeExtension(name, ".png");
        string path = files.Image(encoded);
        // The format is read off the content.
        if (encoded != name) File.Move(path, files.PathOf(name));
    }

    private static IEnumerable<string> Names(JsonElement list) => list.EnumerateArray().Select(name => name.GetString()!);
}
