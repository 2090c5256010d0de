using System.Text;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.DatasetTools.Checks;

namespace YoloTune.Tests.Data;

/// <summary>Descriptions that come from another machine, program or encoding.</summary>
public sealed class DatasetPathsTests : IDisposable
{
    private const string Row = "0 0.5 0.5 0.2 0.2\n";
    private readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("train: ../train/images\nval: ../valid/images\n", 0)]
    [InlineData("train: ..\\train\\images\nval: ..\\valid\\images\n", 0)]
    [InlineData("train: .\\train\\images\nval: valid\\images\n", 0)]
    [InlineData("train: /content/Project-3/train/images\nval: /content/Project-3/valid/images\n", 2)]
    [InlineData("train: C:\\Users\\me\\set\\train\\images\nval: C:\\Users\\me\\set\\valid\\images\n", 2)]
    [InlineData("path: ../datasets/blood\ntrain: train/images\nval: valid/images\n", 1)]
    [InlineData("path: /content/datasets/blood\ntrain: train/images\nval: valid/images\n", 1)]
    [InlineData("path: ~\ntrain: train/images\nval: valid/images\n", 0)]
    public void An_export_is_read_wherever_it_is_unpacked(string splits, int told)
    {
        Split("train");
        Split("valid");
        DatasetDescription description = DatasetDescription.Load(files.Text("data.yaml", splits + "names: [a]\n"));
        Assert.Single(description.ImagesOf("train"));
        Assert.Single(description.ImagesOf("val"));
        Assert.Equal(told, description.Problems.Count);
        Assert.All(description.Problems, problem => Assert.Equal(ProblemAction.Kept, problem.Action));
    }

    [Theory]
    [InlineData("../test/images")]
    [InlineData("/content/test/images")]
    public void A_split_that_is_missing_is_never_taken_for_the_folder_of_all_images(string path)
    {
        files.Image("images/train/a.png");
        DatasetDescription description =
            DatasetDescription.Load(files.Text("data.yaml", $"train: images/train\ntest: {path}\nnames: [a]\n"));
        Assert.Throws<DatasetException>(() => description.ImagesOf("test"));
    }

    [Fact]
    public void A_tilde_is_the_folder_of_the_user() => Assert.Equal(
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "sets", "a"), DatasetPaths.Native("~/sets/a"));

    [Theory]
    [InlineData("data/")]
    [InlineData("")]
    public void An_export_of_CVAT_in_YOLO_1_1_is_a_dataset(string prefix)
    {
        files.Image("obj_train_data/a.png");
        files.Text("obj_train_data/a.txt", Row);
        files.Text("train.txt", $"{prefix}obj_train_data/a.png\n");
        files.Text("obj.names", "RBC\nWBC\n\n");
        files.Text("obj.data", $"classes = 2\ntrain = {prefix}train.txt\nnames = {prefix}obj.names\nbackup = backup/\n");
        DatasetDescription description = DatasetDescription.Load(files.Root);
        Assert.Equal(["RBC", "WBC"], description.Names);
        Assert.Equal(1, ImageDataset.Load(description, "train").InstanceCount);
        DatasetProblem problem = Assert.Single(DatasetChecker.Check(description).Problems);
        Assert.Contains("Split-YoloDataset", problem.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("iso-8859-1")]
    public void Descriptions_lists_and_labels_are_read_in_every_encoding(string name)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        files.Image("images/a.png");
        File.WriteAllText(files.PathOf("labels/a.txt"), "0 0.5\u00A00.5 0.2 0.2\n", encoding);
        File.WriteAllText(files.PathOf("list.txt"), "images/a.png\n", encoding);
        File.WriteAllText(files.PathOf("data.yaml"), "train: list.txt\nnames: [Blüte]\n", encoding);
        DatasetDescription description = DatasetDescription.Load(files.Root);
        Assert.Equal(["Blüte"], description.Names);
        Assert.Equal(1, ImageDataset.Load(description, "train").InstanceCount);
    }

    [Fact]
    public void An_archive_and_a_folder_further_up_are_told_what_to_do()
    {
        string zip = files.Text("set.zip", "PK");
        Assert.Contains("Unpack", Assert.Throws<DatasetException>(() => DatasetDescription.Load(zip)).Message, StringComparison.Ordinal);
        Assert.Contains("set.zip", Assert.Throws<DatasetException>(() => DatasetDescription.Load(files.Root)).Message,
            StringComparison.Ordinal);
        File.Delete(zip);
        string inner = Path.GetDirectoryName(files.Text("inner/data.yaml", "train: x\nnames: [a]\n"))!;
        Assert.Contains(inner, Assert.Throws<DatasetException>(() => DatasetDescription.Load(files.Root)).Message,
            StringComparison.Ordinal);
    }

    private void Split(string name)
    {
        files.Image($"{name}/images/a.png", seed: name.Length);
        files.Text($"{name}/labels/a.txt", Row);
    }
}
