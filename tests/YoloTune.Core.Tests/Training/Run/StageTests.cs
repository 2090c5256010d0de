using Xunit;
using YoloTune.Basics;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Networks.Architecture;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Runs.Stages;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Training.Run;

public sealed class StageTests
{
    private static readonly YoloStage Head = new() { Name = "head", Epochs = 1, Freeze = FreezeSelection.Parts([LayerPart.Backbone]) };
    private static readonly YoloStage Whole = new() { Name = "all", Epochs = 2, Freeze = FreezeSelection.None() };

    public static TheoryData<OptimizerKind> Optimizers => YoloTune.Tests.Models.Tuning.LearningRateSelectionTests.Optimizers;

    [Fact]
    public void Stages_are_one_run_with_one_table_that_names_them()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        using Trainer trainer = Trainer.Start(model, Options(tiny, Head, Whole), tiny.Hooks);
        TrainingRun run = trainer.Run();
        Assert.True(run.Completed);
        Assert.Equal(["head", "all"], run.Stage);
        Assert.Equal(["head", "all", "all"], run.Epochs.Select(epoch => epoch.Stage));
        string[] lines = File.ReadAllLines(Path.Combine(run.Directory, "results.csv"));
        Assert.Equal("epoch,time,train/box_loss", string.Join(',', lines[0].Split(',').Take(3)));
        Assert.Equal(["stage", "head", "all", "all"], lines.Select(line => line.Split(',')[^1]));
        File.Delete(Path.Combine(run.Directory, "run.json"));
        Assert.Equal(["head", "all", "all"], TrainingRun.Read(run.Directory).Epochs.Select(epoch => epoch.Stage));
        Assert.StartsWith("head: 1 epoch, backbone frozen", Assert.IsType<string>(run.Options["stage_1"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_freezes_for_itself_alone_and_frozen_layers_keep_every_bit()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        FreezeSelection.First(1).Resolve(model).Apply();
        LearningRateSelection.Decay(0.9).Resolve(model).Apply();
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        RunOptions options = Options(
            tiny, Head with { LayerDecay = 0.5 }, new YoloStage { Name = "as it was", Epochs = 1, PartMultiplier = new Dictionary<LayerPart,
                double> { [LayerPart.Backbone] = 0.5 } });
        using (Trainer trainer = Trainer.Start(model, options, tiny.Hooks))
        {
            trainer.NextEpoch();
            Dictionary<string, byte[]> first = TinyRun.Values(model);
            Assert.All(model.Items.Where(item => item.Layer < 5), item => Assert.Equal(before[item.Name], first[item.Name]));
            Assert.NotEqual(before["model.5.cv2.0.0.conv.weight"], first["model.5.cv2.0.0.conv.weight"]);
            trainer.NextEpoch();
            Dictionary<string, byte[]> second = TinyRun.Values(model);
            Assert.All(model.Items.Where(item => item.Layer == 0), item => Assert.Equal(before[item.Name], second[item.Name]));
            Assert.NotEqual(first["model.1.conv.weight"], second["model.1.conv.weight"]);
            Assert.Equal(0.5 * 0.9, model.Item("model.4.conv.weight").LearningRateMultiplier, 12);
            trainer.Finish();
        }
        Assert.Equal(model.Items.Where(item => item.Layer == 0 || item.IsConstant).Select(item => item.Name),
            model.Items.Where(item => item.Frozen).Select(item => item.Name));
        Assert.Equal(0.9, model.Item("model.4.conv.weight").LearningRateMultiplier, 12);
        using YoloModel best = ModelImporter.Import(model.Run!.BestWeights!);
        Assert.Equal(0.9, best.Item("model.4.conv.weight").LearningRateMultiplier, 12);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Two_stages_that_change_nothing_and_go_on_equal_one_run(OptimizerKind kind)
    {
        using TinyRun tiny = new(images: 8);
        YoloStage[] halves = [new() { Name = "a", Epochs = 2 }, new() { Name = "b", Epochs = 1, Schedule = StageSchedule.Continue }];
        (Dictionary<string, byte[]> whole, string[] wholeTable) = Trained([], "whole");
        (Dictionary<string, byte[]> parts, string[] partTable) = Trained(halves, "parts");
        Assert.All(whole, entry => Assert.Equal(entry.Value, parts[entry.Key]));
        Assert.Equal(wholeTable, partTable.Select(line => line[..line.LastIndexOf(',')]));

        (Dictionary<string, byte[]>, string[]) Trained(IReadOnlyList<YoloStage> stages, string folder)
        {
            using YoloModel model = TinyRun.Model();
            RunOptions options = tiny.Options(epochs: 3, folder: folder);
            options = options with { Stages = stages, Training = options.Training with { Optimizer = kind, NominalBatchSize = 4,
                WarmupEpochs = 1 } };
            using Trainer trainer = Trainer.Start(model, options, tiny.Hooks);
            TrainingRun run = trainer.Run();
            return (TinyRun.Values(model), WithoutTimes(run.Directory));
        }
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW, 1, 2)]
    [InlineData(OptimizerKind.AdamW, 2, 0)]
    [InlineData(OptimizerKind.SGD, 2, 2)]
    [InlineData(OptimizerKind.MuSGD, 3, 1)]
    public void A_run_that_was_stopped_in_any_stage_equals_one_that_was_not(OptimizerKind kind, int epoch, int batch)
    {
        using TinyRun tiny = new();
        YoloStage[] stages =
        [
            Head with { NominalBatchSize = 12, WarmupEpochs = 0.5 },
            new() { Name = "late", Epochs = 1, Freeze = FreezeSelection.First(2), LearningRate = 0.001,
                Augmentation = new Dictionary<string, string> { ["fliplr"] = "0" } },
            new() { Name = "all", Epochs = 2, Freeze = FreezeSelection.None(), LayerDecay = 0.8, Schedule = StageSchedule.Continue,
                CloseMosaic = 1 },
        ];
        RunOptions Settings(string folder)
        {
            RunOptions options = tiny.Options(folder: folder);
            return options with { Stages = stages, Training = options.Training with { Optimizer = kind, NominalBatchSize = 12 } };
        }
        using YoloModel whole = TinyRun.Model();
        TrainingRun expected;
        using (Trainer trainer = Trainer.Start(whole, Settings("whole"), tiny.Hooks)) expected = trainer.Run();

        using YoloModel stopped = TinyRun.Model();
        using (CancellationTokenSource source = new())
        {
            TrainingHooks hooks = new() { Progress = new Stopper(source, epoch, batch) };
            using Trainer trainer = Trainer.Start(stopped, Settings("stopped"), hooks);
            if (batch > 0) Assert.False(trainer.Run(source.Token).Completed);
            else for (int done = 0; done < epoch; done++) trainer.NextEpoch();
        }
        using Trainer resumed = Trainer.Resume(tiny.Folder("stopped"), hooks: tiny.Hooks);
        Assert.True(resumed.Run().Completed);
        Dictionary<string, byte[]> values = TinyRun.Values(whole);
        Assert.All(TinyRun.Values(resumed.Model), entry => Assert.Equal(values[entry.Key], entry.Value));
        Assert.Equal(WithoutTimes(expected.Directory), WithoutTimes(tiny.Folder("stopped")));
    }

    [Fact]
    public void A_run_of_stages_grows_in_its_last_one()
    {
        using TinyRun tiny = new(images: 8);
        using YoloModel model = TinyRun.Model();
        using (Trainer trainer = Trainer.Start(model, Options(tiny, Head, Whole with { Epochs = 1 }), tiny.Hooks)) trainer.Run();
        using Trainer longer = Trainer.Resume(tiny.Folder("train"), additionalEpochs: 2, hooks: tiny.Hooks);
        Assert.Equal(["head", "all", "all", "all"], longer.Run().Epochs.Select(epoch => epoch.Stage));
    }

    [Fact]
    public void Each_stage_has_its_own_rate_and_optimiser()
    {
        using TinyRun tiny = new(images: 8);
        using YoloModel model = TinyRun.Model();
        RunOptions options = Options(
            tiny,
            Head with { LearningRate = 0.004, WarmupEpochs = 0, FinalLearningRate = 1 },
            Whole with { Epochs = 1, LearningRate = 0.01, Optimizer = OptimizerKind.MuSGD, WarmupEpochs = 0, FinalLearningRate = 1 });
        using Trainer trainer = Trainer.Start(model, options, tiny.Hooks);
        TrainingRun run = trainer.Run();
        Assert.Equal([0.004, 0.004, 0.004], run.Epochs[0].LearningRates);
        Assert.Equal(8, run.Epochs[1].LearningRates.Count);
        Assert.Equal(0.01, run.Epochs[1].LearningRates[1]);
        string[] lines = File.ReadAllLines(Path.Combine(run.Directory, "results.csv"));
        Assert.Single(lines.Select(line => line.Split(',').Length).Distinct());
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("name")]
    [InlineData("twice")]
    [InlineData("comma")]
    [InlineData("new")]
    [InlineData("transferred")]
    [InlineData("epochs")]
    [InlineData("rate")]
    [InlineData("augmentation")]
    public void A_stage_that_cannot_be_run_is_refused_before_anything_is_written(string what)
    {
        using TinyRun tiny = new(images: 4);
        using YoloModel model = TinyRun.Model();
        if (what == "new") foreach (ModelItem item in model.Items) item.Origin = Origin.Transferred;
        YoloStage last = what switch
        {
            "frozen" => Whole with { Freeze = FreezeSelection.All() },
            "name" => Whole with { Freeze = FreezeSelection.Names([new NamePattern("model.9.*")]) },
            "twice" => Whole with { Name = "HEAD" },
            "comma" => Whole with { Name = "a,b" },
            "new" => Whole with { NewMultiplier = 2 },
            "transferred" => Whole with { TransferredMultiplier = 2 },
            "epochs" => Whole with { Epochs = 0 },
            "rate" => Whole with { LearningRate = double.NaN },
            _ => Whole with { Augmentation = new Dictionary<string, string> { ["fliplr"] = "2" } },
        };
        YoloTuneException error = Assert.ThrowsAny<YoloTuneException>(() => Trainer.Start(model, Options(tiny, Head, last), tiny.Hooks));
        Assert.True(error.Remedy is not null || what == "augmentation", error.Message);
        Assert.False(Directory.Exists(tiny.Folder("train")));
        Assert.All(model.Items, item => Assert.Equal(item.IsConstant, item.Frozen));
    }

    [Fact]
    public void New_items_that_no_stage_trains_are_told()
    {
        using TinyRun tiny = new(images: 8);
        using YoloModel model = TinyRun.Model();
        using (Trainer trainer = Trainer.Start(model, Options(tiny, Head, Whole), tiny.Hooks)) Assert.NotNull(trainer);
        Assert.DoesNotContain(tiny.Warnings, warning => warning.Contains("frozen in every stage", StringComparison.Ordinal));
        using (Trainer trainer = Trainer.Start(model, Options(tiny, Head), tiny.Hooks)) Assert.NotNull(trainer);
        Assert.Contains(tiny.Warnings, warning => warning.Contains("frozen in every stage", StringComparison.Ordinal));
    }

    private static RunOptions Options(TinyRun tiny, params YoloStage[] stages) => tiny.Options() with { Stages = stages };

    private static string[] WithoutTimes(string folder) =>
    [
        .. File.ReadAllLines(Path.Combine(folder, "results.csv"))
            .Select(line => string.Join(',', line.Split(',').Where((_, column) => column != 1))),
    ];

    private sealed class Stopper(CancellationTokenSource source, int epoch, int batch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Phase == TrainingPhase.Training && value.Epoch == epoch && value.Batch == batch) source.Cancel();
        }
    }
}
