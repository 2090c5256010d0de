using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Augmentation;
using YoloTune.Evaluation;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Runs;
using YoloTune.Runs.Records;

namespace YoloTune.Tests.Training.Run;

public sealed class ReplayTests
{
    [Fact]
    public void Every_epoch_shows_all_own_images_and_its_share_of_the_others_and_those_come_up_equally_often()
    {
        EpochOrder order = new(count: 10 + 4, window: 4, seed: 5, fixedOrder: null, new ReplayOptions(Count: 6, PerEpoch: 4));
        Dictionary<int, int> seen = [];
        for (int epoch = 0; epoch < 6; epoch++)
        {
            int[] images = order.Of(epoch);
            Assert.Equal(14, images.Length);
            Assert.Equal(Enumerable.Range(0, 10), images.Where(image => image < 10).Order());
            foreach (int image in images.Where(image => image >= 10)) seen[image] = seen.GetValueOrDefault(image) + 1;
        }
        // 6 epochs of 4 are 24 showings of 6 images.
        Assert.Equal(Enumerable.Range(10, 6), seen.Keys.Order());
        Assert.All(seen.Values, count => Assert.Equal(4, count));
        Assert.Equal(14, order.Of(-1).Length);
    }

    [Fact]
    public void Classes_are_matched_by_name_and_the_run_names_what_it_replays()
    {
        using TinyRun tiny = new(images: 12);
        using YoloModel model = TinyRun.Model();
        ClassSurgery.AddClasses(model, ["triangle"]);
        RunOptions options = tiny.Options(epochs: 1) with
        {
            Data = tiny.Dataset("triangles", 8, "triangle"), ReplayData = tiny.Dataset("others", 8, "star", "square"), ReplayRatio = 0.5,
        };
        using Trainer trainer = Trainer.Start(model, options, tiny.Hooks);
        TrainingRun run = trainer.Run();
        Assert.True(run.Completed);
        Assert.Contains(tiny.Warnings, warning => warning.Contains("star", StringComparison.Ordinal));
        Assert.Equal(0.5, run.Options["replay_ratio"]);
        Assert.NotNull(run.Options["replay_data"]);
    }

    [Fact]
    public void A_run_with_replay_that_was_stopped_equals_one_that_was_not()
    {
        using TinyRun tiny = new(images: 12);
        string second = tiny.Dataset("second", 8, "square");
        Dictionary<string, byte[]> whole, resumed;
        using (YoloModel model = TinyRun.Model())
        {
            using Trainer trainer = Trainer.Start(model, tiny.Options(folder: "whole") with { ReplayData = second }, tiny.Hooks);
            trainer.Run();
            whole = TinyRun.Values(model);
        }
        using (YoloModel model = TinyRun.Model())
        using (Trainer trainer = Trainer.Start(model, tiny.Options(folder: "stopped") with { ReplayData = second },
            tiny.Hooks)) trainer.NextEpoch();
        using (Trainer trainer = Trainer.Resume(tiny.Folder("stopped")))
        {
            trainer.Run();
            resumed = TinyRun.Values(trainer.Model);
        }
        Assert.All(whole, entry => Assert.Equal(entry.Value, resumed[entry.Key]));
    }

    [Theory]
    [InlineData("ratio")]
    [InlineData("classes")]
    public void Replay_that_cannot_be_is_refused_before_anything_is_written(string what)
    {
        using TinyRun tiny = new(images: 4);
        using YoloModel model = TinyRun.Model();
        RunOptions options = tiny.Options() with
        {
            ReplayData = what == "classes" ? tiny.Dataset("stars", 4, "star") : tiny.Data, ReplayRatio = what == "ratio" ? 0 : 1,
        };
        Assert.NotNull(Assert.Throws<TrainingException>(() => Trainer.Start(model, options, tiny.Hooks)).Remedy);
        Assert.False(Directory.Exists(tiny.Folder("train")));
    }

    [Fact]
    public void Dataset_classes_are_found_among_more_classes_of_the_model()
    {
        Assert.Equal([2, 0], ClassMapping.Fit(["Star", "circle"], ["circle", "square", "star"])!.Ids);
        Assert.Equal([1, 0], ClassMapping.Fit(["b", "a"], ["a", "b"])!.Ids);
        Assert.True(ClassMapping.Fit(["x", "y"], ["a", "b"])!.IsIdentity);
        Assert.Null(ClassMapping.Fit(["x"], ["a", "b"]));
        Assert.Equal([-1, 1], ClassMapping.ByName(["x", "b"], ["a", "b"]).Ids);
    }

    [Fact]
    public void Old_and_new_classes_are_measured_apart_and_classes_can_be_left_out()
    {
        using TinyRun tiny = new(images: 12);
        using YoloModel model = TinyRun.Model();
        EvaluationOptions options = new() { ImageSize = 64, NewClasses = [1] };
        YoloMetrics both = ModelEvaluation.Measure(model, tiny.Data, options);
        Assert.Equal([("Old", "circle"), ("New", "square")], both.Groups.Select(group => (group.Name, group.ClassNames.Single())));
        Assert.Equal(both.PerClass.Select(row => (double?)row.AP), both.Groups.Select(group => group.MAP));
        Assert.Equal(both.Instances, both.Groups.Sum(group => group.Instances));
        Assert.Empty(ModelEvaluation.Measure(model, tiny.Data, options with { NewClasses = null }).Groups);

        YoloMetrics one = ModelEvaluation.Measure(model, tiny.Data, options with { Classes = [0] });
        Assert.Equal(["circle"], one.PerClass.Select(row => row.ClassName));
        Assert.Null(one.Groups[1].MAP);
        // A class that was never asked for takes no place among the detections: adding one leaves the figures as they were.
        ClassSurgery.AddClasses(model, ["triangle"]);
        YoloMetrics added = ModelEvaluation.Measure(model, tiny.Data, options with { Classes = [0], NewClasses = null });
        Assert.Equal(one.MAP!.Value, added.MAP!.Value, 6);
    }
}
