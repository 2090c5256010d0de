using TorchSharp;
using Xunit;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Models.Tuning;
using YoloTune.Runs;
using YoloTune.Runs.Finder;
using YoloTune.Runs.Records;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.TaskGoldens;

/// <summary>What fine-tuning promises holds for the heads of every task.</summary>
public sealed class TaskPromiseTests
{
    private const int OldClasses = 2;

    public static TheoryData<string> Tasks => [.. TinyTasks.Names];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_class_is_added_in_stages_with_old_images_replayed(string task)
    {
        using TinyRun tiny = new(images: 2);
        using YoloModel model = TinyTasks.Model(task, TinyRun.Classes);
        ClassSurgery.AddClasses(model, ["triangle"]);
        RunOptions options = TinyTasks.Options(tiny, TinyTasks.Dataset(tiny, task, "new", "triangle")) with
        {
            ReplayData = TinyTasks.Dataset(tiny, task, "old", "star", "square", "circle"),
            Stages =
            [
                new() { Name = "row", Epochs = 1, Freeze = FreezeSelection.All() with { ExceptClasses = ["triangle"] } },
                new() { Name = "head", Epochs = 1, Freeze = FreezeSelection.First(2) },
            ],
        };
        HashSet<string> rows = [.. model.Items.Where(item => item.HasClassRows).Select(item => item.Name)];
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        using Trainer trainer = Trainer.Start(model, options, tiny.Hooks);

        trainer.NextEpoch();
        Dictionary<string, byte[]> first = TinyRun.Values(model);
        Assert.NotEmpty(rows);
        foreach ((string name, byte[] value) in before)
        {
            int kept = rows.Contains(name) ? value.Length / (OldClasses + 1) * OldClasses : value.Length;
            Assert.True(value.AsSpan(0, kept).SequenceEqual(first[name].AsSpan(0, kept)), name);
            if (rows.Contains(name)) Assert.False(value.AsSpan(kept).SequenceEqual(first[name].AsSpan(kept)), name);
        }

        trainer.NextEpoch();
        Dictionary<string, byte[]> second = TinyRun.Values(model);
        Assert.All(model.Items.Where(item => item.Layer < 2), item => Assert.Equal(before[item.Name], second[item.Name]));
        Assert.All(rows, name => Assert.NotEqual(first[name], second[name]));
        Assert.NotEqual(first["model.3.conv.weight"], second["model.3.conv.weight"]);
        TrainingRun run = trainer.Run();
        Assert.True(run.Completed);
        Assert.Equal(["row", "head"], run.Epochs.Select(epoch => epoch.Stage));
        Assert.Contains(tiny.Warnings, warning => warning.Contains("star", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Rows_of_classes_with_the_same_name_are_copied_wherever_they_stand(string task)
    {
        using YoloModel source = TinyTasks.Model(task, ["star", "Square", "circle"], seed: 1), target = TinyTasks.Model(task, TinyRun.Classes);
        TransferReport report = TransferPlanner.Create(target, TransferSource.FromModel(source), new() { MatchClasses = true }).Execute(target);
        Assert.Equal(2, report.MatchedClasses);
        Dictionary<string, byte[]> from = TinyRun.Values(source), to = TinyRun.Values(target);
        foreach (ModelItem item in target.Items)
        {
            if (!item.HasClassRows)
            {
                Assert.Equal(from[item.Name], to[item.Name]);
                continue;
            }
            int row = to[item.Name].Length / 2;
            Assert.Equal([.. from[item.Name][(2 * row)..], .. from[item.Name][row..(2 * row)]], to[item.Name]);
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Classes_are_set_added_and_removed_without_losing_a_row(string task)
    {
        using YoloModel model = TinyTasks.Model(task, TinyRun.Classes);
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        ClassSurgery.SetClasses(model, ["triangle", .. TinyRun.Classes], ignoreCase: false, new Dictionary<string, string>());
        Assert.Equal(3, model.ClassCount);
        ClassSurgery.AddClasses(model, ["star"]);
        ClassSurgery.RemoveClasses(model, [new("star"), new("triangle")]);
        Assert.Equal(TinyRun.Classes, model.ClassNames);
        Assert.All(TinyRun.Values(model), entry => Assert.Equal(before[entry.Key], entry.Value));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_sweep_of_the_learning_rate_leaves_the_model_as_it_was(string task)
    {
        using TinyRun tiny = new(images: 2);
        using YoloModel model = TinyTasks.Model(task, TinyRun.Classes);
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        LearningRateSearch found = LearningRateFinder.Run(
            model, TinyTasks.Options(tiny, TinyTasks.Dataset(tiny, task, "sweep", TinyRun.Classes)), new() { First = 1e-5, Last = 0.01, Steps = 4 },
            tiny.Hooks);
        Assert.Equal(4, found.Points.Count);
        Assert.All(found.Points, point => Assert.True(point.Loss > 0));
        Assert.All(TinyRun.Values(model), entry => Assert.Equal(before[entry.Key], entry.Value));
    }
}
