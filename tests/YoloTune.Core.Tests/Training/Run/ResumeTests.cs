using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Runs.Recovery;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Training.Run;

public sealed class ResumeTests
{
    [Theory]
    [InlineData(OptimizerKind.AdamW, false)]
    [InlineData(OptimizerKind.SGD, true)]
    public void A_run_that_was_stopped_equals_one_that_was_not(OptimizerKind optimizer, bool withinEpoch)
    {
        using TinyRun tiny = new();
        using YoloModel whole = TinyRun.Model();
        TrainingRun expected;
        using (Trainer trainer = Trainer.Start(whole, Options(tiny, optimizer, "whole"), tiny.Hooks)) expected = trainer.Run();

        using YoloModel stopped = TinyRun.Model();
        using (CancellationTokenSource source = new())
        {
            // Within the second epoch, after its second batch; or between the first and the second.
            TrainingHooks hooks = new() { Progress = new Stopper(source, withinEpoch ? 2 : 0) };
            using Trainer trainer = Trainer.Start(stopped, Options(tiny, optimizer, "stopped"), hooks);
            if (withinEpoch)
            {
                TrainingRun run = trainer.Run(source.Token);
                Assert.False(run.Completed);
                Assert.False(TrainingRun.Read(run.Directory).Completed);
            }
            else
            {
                trainer.NextEpoch();
            }
        }
        using Trainer resumed = Trainer.Resume(tiny.Folder("stopped"), hooks: tiny.Hooks);
        TrainingRun actual = resumed.Run();
        Assert.True(actual.Completed);
        Assert.Equal(WithoutTimes(expected), WithoutTimes(actual));
        Dictionary<string, byte[]> values = TinyRun.Values(whole);
        Assert.All(TinyRun.Values(resumed.Model), entry => Assert.Equal(values[entry.Key], entry.Value));
        Assert.Equal(Table(expected.Directory), Table(actual.Directory));
    }

    [Fact]
    public void A_resumed_run_still_says_what_model_and_data_it_came_from()
    {
        using TinyRun tiny = new();
        string pretrained = tiny.Folder("pretrained.pt");
        using (YoloModel model = TinyRun.Model()) ModelExporter.WritePt(model, pretrained);
        using YoloModel imported = ModelImporter.Import(pretrained);
        using (Trainer trainer = Trainer.Start(imported, tiny.Options(epochs: 1), tiny.Hooks)) trainer.Run();
        string folder = tiny.Folder("train");
        IReadOnlyDictionary<string, object?> before = TrainingRun.Read(folder).Options;
        Assert.Equal(pretrained, before["model"]);
        for (int i = 0; i < 2; i++)
        {
            using Trainer resumed = Trainer.Resume(folder, additionalEpochs: 1, hooks: tiny.Hooks);
            TrainingRun run = resumed.Run();
            Assert.Equal((before["model"], before["data"]), (run.Options["model"], run.Options["data"]));
            IReadOnlyDictionary<string, object?> written = TrainingRun.Read(folder).Options;
            Assert.Equal((before["model"], before["data"]), (written["model"], written["data"]));
            using YoloModel last = ModelImporter.Import(Path.Combine(folder, "weights", "last.pt"));
            Assert.Equal((before["model"], before["data"]), (last.Arguments["model"], last.Arguments["data"]));
        }
    }

    [Fact]
    public void A_run_that_has_ended_goes_on_only_with_additional_epochs()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        using (Trainer trainer = Trainer.Start(model, tiny.Options(epochs: 1), tiny.Hooks)) trainer.Run();
        string folder = tiny.Folder("train");
        TrainingException error = Assert.Throws<TrainingException>(() => Trainer.Resume(folder));
        Assert.Contains("-AdditionalEpochs", error.Remedy, StringComparison.Ordinal);
        using Trainer longer = Trainer.Resume(folder, additionalEpochs: 1);
        TrainingRun run = longer.Run();
        Assert.Equal([1, 2], run.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(2L, TrainingRun.Read(folder).Options["epochs"]);
    }

    [Fact]
    public void A_run_on_a_device_that_is_missing_names_it_and_goes_on_where_it_is_told()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        using (Trainer trainer = Trainer.Start(model, tiny.Options(epochs: 1), tiny.Hooks)) trainer.Run();
        RunFolder folder = new(tiny.Folder("train"));
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            (ResumeState state, IReadOnlyDictionary<string, torch.Tensor> tensors) = ResumeFile.Read(folder, null);
            RunOptions half = state.Options with { Training = state.Options.Training with { Precision = Precision.Float16 } };
            ResumeFile.Write(folder, state with { Device = "cuda:7", Options = half }, tensors.Select(entry => (entry.Key, entry.Value)),
                new LateFiles(new()));
        }
        TrainingException error = Assert.Throws<TrainingException>(() => Trainer.Resume(folder.Path, additionalEpochs: 1));
        Assert.Contains("cuda:7", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Device cpu", error.Remedy, StringComparison.Ordinal);
        using Trainer elsewhere = Trainer.Resume(folder.Path, additionalEpochs: 1, device: "cpu", hooks: tiny.Hooks);
        Assert.Contains(tiny.Warnings, warning => warning.Contains("float32", StringComparison.Ordinal));
        Assert.Equal(2, elsewhere.Run().Epochs.Count);
        Assert.Equal("cpu", TrainingRun.Read(folder.Path).Options["device"]);
    }

    [Fact]
    public void A_run_that_was_killed_after_its_last_epoch_is_brought_to_its_end()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        RunOptions options = tiny.Options(epochs: 2);
        using (Trainer trainer = Trainer.Start(model, options with { Training = options.Training with { Plots = true } }, tiny.Hooks))
        {
            trainer.NextEpoch();
            trainer.NextEpoch();
        }
        string folder = tiny.Folder("train"), leftover = Path.Combine(folder, "weights", $".{Guid.NewGuid():N}.tmp");
        File.WriteAllText(leftover, "half a file");
        File.Delete(Path.Combine(folder, "results.csv"));
        Assert.False(TrainingRun.Read(folder).Completed);
        using (Trainer resumed = Trainer.Resume(folder, hooks: tiny.Hooks)) Assert.True(resumed.Run().Completed);
        Assert.Equal(3, File.ReadAllLines(Path.Combine(folder, "results.csv")).Length);
        Assert.True(File.Exists(Path.Combine(folder, "confusion_matrix.png")));
        Assert.False(File.Exists(leftover));
        Assert.Throws<TrainingException>(() => Trainer.Resume(folder));
    }

    [Fact]
    public void A_damaged_checkpoint_costs_one_epoch_and_is_told()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        using (Trainer trainer = Trainer.Start(model, tiny.Options(epochs: 3), tiny.Hooks))
        {
            trainer.NextEpoch();
            trainer.NextEpoch();
        }
        string path = Path.Combine(tiny.Folder("train"), "weights", "resume.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^5] ^= 0x10;
        File.WriteAllBytes(path, bytes);
        using Trainer resumed = Trainer.Resume(tiny.Folder("train"), hooks: tiny.Hooks);
        Assert.Single(resumed.Record.Epochs);
        Assert.Contains(tiny.Warnings, warning => warning.Contains("damaged", StringComparison.Ordinal));
        Assert.Equal(3, resumed.Run().Epochs.Count);
    }

    [Fact]
    public void A_dataset_that_moved_is_told_and_can_be_given_anew()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        using (Trainer trainer = Trainer.Start(model, tiny.Options(), tiny.Hooks)) trainer.NextEpoch();
        string moved = tiny.Folder("moved");
        Directory.Move(Path.GetDirectoryName(tiny.Data)!, moved);
        TrainingException error = Assert.Throws<TrainingException>(() => Trainer.Resume(tiny.Folder("train")));
        Assert.Contains("-Data", error.Remedy, StringComparison.Ordinal);
        using Trainer resumed = Trainer.Resume(tiny.Folder("train"), data: Path.Combine(moved, "data.yaml"));
        Assert.Equal(2, resumed.Run().Epochs.Count);
    }

    [Fact]
    public void A_folder_without_a_run_is_refused()
    {
        using TinyRun tiny = new(images: 2);
        Assert.NotNull(Assert.Throws<TrainingException>(() => Trainer.Resume(tiny.Folder("nothing"))).Remedy);
        Assert.NotNull(Assert.Throws<TrainingException>(() => TrainingRun.Read(tiny.Folder("nothing"))).Remedy);
    }

    private static RunOptions Options(TinyRun tiny, OptimizerKind optimizer, string folder)
    {
        RunOptions options = tiny.Options(epochs: 3, folder: folder);
        // Three batches a step: gradients wait over the end of an epoch of four batches.
        return options with
        {
            Training = options.Training with { Optimizer = optimizer, LearningRate = 0.005, NominalBatchSize = 12, WarmupEpochs = 0 },
        };
    }

    private static IEnumerable<string> WithoutTimes(TrainingRun run) => run.Epochs.Select(epoch => string.Join(
        ' ',
        [epoch.BoxLoss, epoch.ClassLoss, epoch.DflLoss, epoch.MAP, epoch.ValidationBoxLoss, epoch.ValidationClassLoss,
            .. epoch.LearningRates.Select(rate => (double?)rate)]));

    private static IEnumerable<string> Table(string folder) => File.ReadAllLines(Path.Combine(folder, "results.csv"))
        .Select(line => string.Join(',', line.Split(',').Where((_, column) => column != 1)));

    private sealed class Stopper(CancellationTokenSource source, int batch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Phase == TrainingPhase.Training && value.Epoch == 2 && value.Batch == batch) source.Cancel();
        }
    }
}
