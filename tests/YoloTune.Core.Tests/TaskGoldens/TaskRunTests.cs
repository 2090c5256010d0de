using Xunit;
using YoloTune.Basics;
using YoloTune.Data.Features;
using YoloTune.DatasetTools.Samples;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.TaskGoldens;

/// <summary>What runs promise holds for keypoints and oriented boxes too.</summary>
public sealed class TaskRunTests
{
    private const string Yaml = """
        nc: 2
        reg_max: BINS
        end2end: ENDTOEND
        kpt_shape: [3, 3]
        scale: n
        scales:
          n: [1.0, 1.0, 1024]
        backbone:
          - [-1, 1, Conv, [8, 3, 2]]
          - [-1, 1, Conv, [16, 3, 2]]
          - [-1, 1, C2f, [16, True]]
          - [-1, 1, Conv, [16, 3, 2]]
          - [-1, 1, Conv, [16, 3, 2]]
        head:
          - [[3, 4], 1, HEAD]
        """;

    public static TheoryData<string> Heads => ["Pose", "Pose26", "OBB", "OBB26"];

    [Theory]
    [InlineData("Pose", "box,pose,kobj,cls,dfl", "BP")]
    [InlineData("Pose26", "box,pose,kobj,cls,dfl,rle", "BP")]
    [InlineData("OBB", "box,cls,dfl,angle", "B")]
    [InlineData("OBB26", "box,cls,dfl,angle", "B")]
    public void The_table_has_the_columns_of_the_reference(string head, string losses, string letters)
    {
        using TinyRun tiny = new(images: 2);
        using YoloModel model = Model(head);
        using Trainer trainer = Trainer.Start(model, Options(tiny, head, "run"), tiny.Hooks);
        TrainingRun run = trainer.Run();
        Assert.True(run.Completed);
        string[] columns =
            [.. File.ReadLines(Path.Combine(run.Directory, "results.csv")).First().Split(',').Select(column => column.Trim())];
        string[] names = losses.Split(',');
        string[] measures = [.. letters.SelectMany(letter => (string[])
            [$"metrics/precision({letter})", $"metrics/recall({letter})", $"metrics/mAP50({letter})", $"metrics/mAP50-95({letter})"])];
        Assert.Equal(
            [.. names.Select(name => $"train/{name}_loss"), .. measures, .. names.Select(name => $"val/{name}_loss")],
            columns.Where(column => column.Contains('/', StringComparison.Ordinal) && !column.StartsWith("lr/", StringComparison.Ordinal)));
        Assert.All(run.Epochs, epoch => Assert.True(epoch.Losses["box"] > 0));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Weights_do_not_depend_on_the_number_of_data_threads(string head)
    {
        using TinyRun tiny = new(images: 2);
        using YoloModel one = Model(head), four = Model(head);
        using (Trainer trainer = Trainer.Start(one, Options(tiny, head, "one", workers: 1), tiny.Hooks)) trainer.Run();
        using (Trainer trainer = Trainer.Start(four, Options(tiny, head, "four", workers: 4), tiny.Hooks)) trainer.Run();
        AssertEqual(one, four);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void A_run_that_was_stopped_equals_one_that_was_not(string head)
    {
        using TinyRun tiny = new(images: 2);
        using YoloModel whole = Model(head), stopped = Model(head);
        using (Trainer trainer = Trainer.Start(whole, Options(tiny, head, "whole"), tiny.Hooks)) trainer.Run();
        using (Trainer trainer = Trainer.Start(stopped, Options(tiny, head, "stopped"), tiny.Hooks)) trainer.NextEpoch();
        using Trainer resumed = Trainer.Resume(tiny.Folder("stopped"), hooks: tiny.Hooks);
        Assert.True(resumed.Run().Completed);
        AssertEqual(whole, resumed.Model);
        Assert.Equal(whole.KeypointNames.Count, resumed.Model.KeypointNames.Count);
    }

    [Theory]
    [InlineData("Pose", "pose")]
    [InlineData("OBB", "angle")]
    public void Labels_stay_with_their_images_in_the_feature_cache(string head, string loss)
    {
        using TinyRun tiny = new(images: 2);
        double[][] losses = [.. new[] { FeatureCacheMode.None, FeatureCacheMode.Memory }.Select(mode =>
        {
            using YoloModel model = Model(head);
            foreach (ModelItem item in model.Items.Where(item => item.Layer < 3)) item.Frozen = true;
            RunOptions options = Options(tiny, head, mode.ToString());
            options = options with { Training = options.Training with { FeatureCache = mode, AugmentationVariants = 2 } };
            using Trainer trainer = Trainer.Start(model, options, tiny.Hooks);
            return trainer.Run().Epochs.Select(epoch => epoch.Losses[loss]).ToArray();
        })];
        // With other batches the convolutions may add up in another order.
        foreach ((double expected, double actual) in losses[0].Zip(losses[1])) Assert.InRange(actual / expected, 1 - 1e-4, 1 + 1e-4);
    }

    [Theory]
    [InlineData("Pose")]
    [InlineData("OBB26")]
    public void Frozen_layers_of_a_stage_stay_as_they_are(string head)
    {
        using TinyRun tiny = new(images: 2);
        using YoloModel model = Model(head);
        foreach (ModelItem item in model.Items.Where(item => item.Layer < 3)) item.Frozen = true;
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        using (Trainer trainer = Trainer.Start(model, Options(tiny, head, "frozen"), tiny.Hooks)) trainer.Run();
        Dictionary<string, byte[]> after = TinyRun.Values(model);
        Assert.All(model.Items.Where(item => item.Layer < 3), item => Assert.Equal(before[item.Name], after[item.Name]));
        Assert.Contains(model.Items.Where(item => item.Layer == 5), item => !before[item.Name].AsSpan().SequenceEqual(after[item.Name]));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Class_surgery_keeps_everything_but_the_class_rows(string head)
    {
        using YoloModel model = Model(head);
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        HashSet<string> rows = [.. model.Items.Where(item => item.HasClassRows).Select(item => item.Name)];
        ClassSurgery.AddClasses(model, ["third"]);
        Assert.Equal(3, model.ClassCount);
        Assert.All(model.Items.Where(item => !rows.Contains(item.Name)), item =>
            Assert.Equal(before[item.Name], TinyRun.Values(model)[item.Name]));
        ClassSurgery.RemoveClasses(model, [new NamePattern("third")]);
        Assert.All(TinyRun.Values(model), entry => Assert.Equal(before[entry.Key], entry.Value));
    }

    [Fact]
    public void Other_keypoints_rebuild_the_branch_of_the_keypoints_alone()
    {
        using YoloModel model = Model("Pose");
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        (TransferReport report, _) = ClassSurgery.SetClasses(
            model, model.ClassNames, ignoreCase: false, new Dictionary<string, string>(), keypoints: (5, 2));
        Assert.Equal("5 keypoints of 2 values", model.Shape!.ToString());
        TransferItem[] rebuilt = [.. report.Items.Where(item => item.Status == TransferStatus.ShapeMismatch)];
        Assert.NotEmpty(rebuilt);
        Assert.All(rebuilt, item => Assert.Equal("3 keypoints of 3 values before, 5 of 2 now", item.Reason));
        Assert.All(rebuilt, item => Assert.Contains(".cv4.", item.Name, StringComparison.Ordinal));
        HashSet<string> names = [.. rebuilt.Select(item => item.Name)];
        Assert.All(
            TinyRun.Values(model).Where(entry => !names.Contains(entry.Key)), entry => Assert.Equal(before[entry.Key], entry.Value));
        using YoloModel detector = TinyRun.Model();
        Assert.Throws<SelectionException>(() => ClassSurgery.SetClasses(
            detector, detector.ClassNames, ignoreCase: false, new Dictionary<string, string>(), keypoints: (5, 2)));
    }

    [Fact]
    public void A_dataset_with_other_keypoints_is_refused_with_the_command_that_helps()
    {
        using TinyRun tiny = new(images: 2);
        using YoloModel model = Model("Pose");
        ClassSurgery.SetClasses(model, model.ClassNames, ignoreCase: false, new Dictionary<string, string>(), keypoints: (5, 2));
        DatasetException error = Assert.Throws<DatasetException>(() => Trainer.Start(model, Options(tiny, "Pose", "run"), tiny.Hooks));
        Assert.Contains("kpt_shape is [3, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("-KeypointShape 3, 3", error.Remedy, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Folder("run")));
    }

    [Fact]
    public void A_run_without_flip_idx_says_that_nothing_is_mirrored()
    {
        using TinyRun tiny = new(images: 2);
        RunOptions options = Options(tiny, "Pose", "run");
        File.WriteAllLines(options.Data,
            File.ReadAllLines(options.Data).Where(line => !line.StartsWith("flip_idx", StringComparison.Ordinal)));
        using YoloModel model = Model("Pose");
        using Trainer trainer = Trainer.Start(model, options, tiny.Hooks);
        Assert.Contains(tiny.Warnings, warning => warning.Contains("flip_idx", StringComparison.Ordinal));
        Assert.Equal(["top", "left", "right"], model.KeypointNames[0]);
    }

    private static YoloModel Model(string head)
    {
        bool second = head.EndsWith("26", StringComparison.Ordinal);
        string row = head.StartsWith("Pose", StringComparison.Ordinal) ? $"{head}, [nc, [3, 3]]" : $"{head}, [nc, 1]";
        string yaml = Yaml.Replace("HEAD", row, StringComparison.Ordinal)
            .Replace("BINS", second ? "1" : "4", StringComparison.Ordinal)
            .Replace("ENDTOEND", second ? "True" : "False", StringComparison.Ordinal);
        return YoloModel.Create(ModelDefinition.Parse(yaml, "tiny.yaml"), TinyRun.Classes, seed: 0);
    }

    private static RunOptions Options(TinyRun tiny, string head, string folder, int workers = 1)
    {
        RunOptions options = tiny.Options(epochs: 2, folder: folder);
        NetworkTask task = NetworkTask.Parse(head.StartsWith("Pose", StringComparison.Ordinal) ? "Pose" : "Obb");
        string data = SampleDataset.Create(tiny.Folder(folder + "-data"), new()
        {
            Task = task, Count = 12, ClassNames = TinyRun.Classes, ImageSize = 96, LargestObjectCount = 2, Force = true,
        }).File;
        return options with { Data = data, Training = options.Training with { Workers = workers } };
    }

    private static void AssertEqual(YoloModel expected, YoloModel actual)
    {
        Dictionary<string, byte[]> values = TinyRun.Values(expected);
        Assert.All(TinyRun.Values(actual), entry => Assert.Equal(values[entry.Key], entry.Value));
    }
}
