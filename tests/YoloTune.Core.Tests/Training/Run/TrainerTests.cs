using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Files;
using YoloTune.Models;
using YoloTune.Models.Tuning;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Training;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Training.Run;

public sealed class TrainerTests
{
    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void Training_lowers_the_loss_and_moves_every_trainable_weight(Precision precision)
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        TrainingRun run = Train(model, tiny.Options(epochs: 4, precision), tiny.Hooks);
        Assert.True(run.Completed);
        Assert.Same(run, model.Run);
        Assert.True(Total(run.Epochs[^1]) < Total(run.Epochs[0]), $"{Total(run.Epochs[0])} to {Total(run.Epochs[^1])}");
        Dictionary<string, byte[]> after = TinyRun.Values(model);
        // The average leaves batch counters as they were, as the reference does.
        Assert.All(
            model.Items.Where(item => !item.Frozen && item.Tensor.is_floating_point()),
            item => Assert.False(before[item.Name].SequenceEqual(after[item.Name]), item.Name));
        Assert.Contains(tiny.Progress, progress =>
            progress is { Phase: TrainingPhase.Training, Remaining: not null } && progress.Losses.GetValueOrDefault("box") > 0);
    }

    [Fact]
    public void Frozen_layers_keep_every_bit_and_stay_in_the_groups()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        FreezeSelection.First(3).Resolve(model).Apply();
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        Train(model, tiny.Options(epochs: 1), tiny.Hooks);
        Dictionary<string, byte[]> after = TinyRun.Values(model);
        Assert.All(model.Items.Where(item => item.Layer < 3), item => Assert.Equal(before[item.Name], after[item.Name]));
        Assert.NotEqual(before["model.3.conv.weight"], after["model.3.conv.weight"]);
    }

    [Fact]
    public void Rows_of_classes_that_do_not_train_keep_every_bit()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        (FreezeSelection.All() with { ExceptClasses = ["square"] }).Resolve(model).Apply();
        string name = model.Items.First(item => item.Name.EndsWith("cv3.0.2.weight", StringComparison.Ordinal)).Name;
        float[] before = Row(model, name, 0), trained = Row(model, name, 1);
        Train(model, tiny.Options(epochs: 1), tiny.Hooks);
        Assert.Equal(before, Row(model, name, 0));
        Assert.NotEqual(trained, Row(model, name, 1));
    }

    [Fact]
    public void A_multiplier_of_zero_leaves_a_parameter_where_it_was()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        ModelItem still = model.Item("model.0.conv.weight");
        still.LearningRateMultiplier = 0;
        byte[] before = TinyRun.Values(model)[still.Name];
        Train(model, tiny.Options(epochs: 1), tiny.Hooks);
        Assert.Equal(before, TinyRun.Values(model)[still.Name]);
    }

    [Fact]
    public void The_folder_holds_what_a_run_writes()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        RunOptions options = tiny.Options();
        TrainingRun run = Train(model, options with { Training = options.Training with { Plots = true } }, tiny.Hooks);
        string[] names =
        [
            .. Directory.EnumerateFiles(run.Directory, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(run.Directory, path)),
        ];
        foreach (string name in (string[])
        [
            "args.yaml", "results.csv", "results.png", "labels.jpg", "train_batch0.jpg", "train_batch2.jpg", "val_batch0_labels.jpg",
            "val_batch0_pred.jpg", "confusion_matrix.png", "confusion_matrix_normalized.png", Path.Combine("weights", "best.pt"),
            Path.Combine("weights", "last.pt"), Path.Combine("weights", "resume.safetensors"),
        ]) Assert.Contains(name, names);
        Assert.Contains(names, name => name.StartsWith("events.out.tfevents", StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name.EndsWith(".tmp", StringComparison.Ordinal));
        string[] lines = File.ReadAllLines(Path.Combine(run.Directory, "results.csv"));
        Assert.Equal(
            "epoch,time,train/box_loss,train/cls_loss,train/dfl_loss,metrics/precision(B),metrics/recall(B),metrics/mAP50(B),"
            + "metrics/mAP50-95(B),val/box_loss,val/cls_loss,val/dfl_loss,lr/pg0,lr/pg1,lr/pg2", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.Equal(0.002, run.Options["lr0"]);
        Assert.Equal("AdamW", run.Options["optimizer"]);
    }

    [Fact]
    public void The_model_gets_its_best_weights_and_the_file_has_the_same()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        TrainingRun run = Train(model, tiny.Options(), tiny.Hooks);
        using YoloModel best = ModelImporter.Import(run.BestWeights!);
        Dictionary<string, byte[]> expected = TinyRun.Values(best);
        Assert.All(TinyRun.Values(model), entry => Assert.Equal(expected[entry.Key], entry.Value));
        Assert.Equal(TinyRun.Classes, best.ClassNames);
    }

    [Fact]
    public void A_run_reads_back_as_it_was()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        TrainingRun run = Train(model, tiny.Options(), tiny.Hooks);
        TrainingRun read = TrainingRun.Read(run.Directory);
        Assert.True(read.Completed);
        Dictionary<string, double> none = [];
        YoloEpoch Plain(YoloEpoch epoch) => epoch with { LearningRates = [], Losses = none, ValidationLosses = none, Measures = none };
        Assert.Equal(run.Epochs.Select(Plain), read.Epochs.Select(Plain));
        Assert.Equal(run.Epochs.Select(epoch => epoch.Losses), read.Epochs.Select(epoch => epoch.Losses));
        Assert.Equal(run.Epochs.Select(epoch => epoch.ValidationLosses), read.Epochs.Select(epoch => epoch.ValidationLosses));
        Assert.Equal(run.Epochs.Select(epoch => epoch.Measures), read.Epochs.Select(epoch => epoch.Measures));
        Assert.Equal(run.Options, read.Options);
        Assert.Equal(run.Best!.Epoch, read.Best!.Epoch);
        File.Delete(Path.Combine(run.Directory, "run.json"));
        Assert.Equal(2, TrainingRun.Read(run.Directory).Epochs.Count);
    }

    [Fact]
    public void A_second_run_gets_a_folder_of_its_own()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        RunOptions options = tiny.Options(epochs: 1);
        options = options with { Training = options.Training with { Validate = false } };
        Train(model, options, tiny.Hooks);
        TrainingRun second = Train(model, options, tiny.Hooks);
        Assert.Equal(tiny.Folder("train2"), second.Directory);
        Assert.Null(second.Epochs[0].MAP);
        Assert.True(File.Exists(second.BestWeights));
    }

    [Fact]
    public void Steps_leave_no_tensor_behind()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        using Trainer trainer = Trainer.Start(model, tiny.Options(epochs: 4), tiny.Hooks);
        trainer.NextEpoch();
        trainer.NextEpoch();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        trainer.NextEpoch();
        // Batches are made on the data threads and freed on this one, so that its own count may only fall.
        Assert.InRange(DisposeScopeManager.Statistics.ThreadTotalLiveCount, 0, before);
    }

    [Fact]
    public void Numbers_that_are_not_finite_end_the_run_with_the_name_of_a_tensor_and_a_good_checkpoint()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        RunOptions options = tiny.Options(epochs: 2);
        options = options with
        {
            Training = options.Training with { Optimizer = OptimizerKind.SGD, LearningRate = 1e30, WarmupEpochs = 0, WeightDecay = 1e10 },
        };
        using Trainer trainer = Trainer.Start(model, options, tiny.Hooks);
        TrainingException error = Assert.Throws<TrainingException>(() => trainer.Run());
        Assert.Contains("LearningRate", error.Remedy, StringComparison.Ordinal);
        Assert.NotNull(error.Position);
        Assert.Equal(3, tiny.Warnings.Count(warning => warning.Contains("not finite", StringComparison.Ordinal)));
        using YoloModel last = ModelImporter.Import(trainer.Record.LastWeights!);
        Assert.All(
            last.Items.Where(item => item.Tensor.is_floating_point()), item => Assert.True(item.Tensor.isfinite().all().ToBoolean()));
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("classes")]
    [InlineData("epochs")]
    [InlineData("rate 0")]
    [InlineData("rate NaN")]
    [InlineData("boxes")]
    [InlineData("float16")]
    public void Bad_input_is_refused_with_a_remedy_before_anything_is_written(string what)
    {
        using TinyRun tiny = new(images: 4);
        using YoloModel model = TinyRun.Model();
        RunOptions options = tiny.Options();
        if (what == "frozen") FreezeSelection.All().Resolve(model).Apply();
        if (what == "classes") File.WriteAllText(tiny.Data, "train: images/train\nval: images/val\nnames: [a, b, c]\n");
        if (what == "boxes")
        {
            foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(tiny.Data)!, "*.txt", SearchOption.AllDirectories))
                File.WriteAllText(file, "");
        }
        TrainingOptions training = options.Training;
        options = options with
        {
            Training = what switch
            {
                "epochs" => training with { Epochs = 0 },
                "rate 0" => training with { LearningRate = 0 },
                "rate NaN" => training with { LearningRate = double.NaN },
                "float16" => training with { Precision = Precision.Float16 },
                _ => training,
            },
        };
        TrainingException error = Assert.Throws<TrainingException>(() => Trainer.Start(model, options, tiny.Hooks));
        Assert.NotNull(error.Remedy);
        if (what == "classes") Assert.Contains("Set-YoloClass 'a', 'b', 'c'", error.Remedy, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Folder("train")));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused_with_a_remedy()
    {
        using TinyRun tiny = new(images: 4);
        using YoloModel model = TinyRun.Model();
        File.WriteAllText(tiny.Folder("file"), "");
        TrainingException error = Assert.Throws<TrainingException>(
            () => Trainer.Start(model, tiny.Options(folder: Path.Combine("file", "train")), tiny.Hooks));
        Assert.Contains("-OutputPath", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, 3, 3)]
    [InlineData(8, 3, 6)]
    [InlineData(0, 5, 20)]
    public void An_epoch_that_would_make_no_step_ends_with_one(int nominalBatchSize, int epochs, int steps)
    {
        // Four batches per epoch, of which sixteen make a step when they are accumulated to 64 images.
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        Dictionary<string, byte[]> before = TinyRun.Values(model);
        RunOptions options = tiny.Options(epochs);
        options = options with { Training = options.Training with { NominalBatchSize = nominalBatchSize, WarmupEpochs = 0 } };
        List<string> messages = [];
        using Trainer trainer = Trainer.Start(model, options, tiny.Hooks with { Message = messages.Add });
        trainer.Run();
        Assert.Equal(steps, trainer.Updates);
        Assert.Contains(messages, message =>
            message.Contains(FormattableString.Invariant($"batches; {steps} steps."), StringComparison.Ordinal));
        Assert.NotEqual(before["model.0.conv.weight"], TinyRun.Values(model)["model.0.conv.weight"]);
        string[] warnings = [.. tiny.Warnings.Where(text => text.Contains("of the optimiser only", StringComparison.Ordinal))];
        if (steps >= 20) Assert.Empty(warnings);
        else Assert.Contains("-NominalBatchSize 0", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void By_the_rules_of_the_reference_batches_wait_for_a_step_over_the_end_of_an_epoch()
    {
        using TinyRun tiny = new();
        using YoloModel model = TinyRun.Model();
        RunOptions options = tiny.Options(epochs: 3);
        options = options with
        {
            Training = options.Training with { NominalBatchSize = 64, WarmupEpochs = 0, Rules = TrainingRules.Reference },
        };
        using Trainer trainer = Trainer.Start(model, options, tiny.Hooks);
        trainer.Run();
        Assert.Equal(0, trainer.Updates);
        Assert.Contains(tiny.Warnings, text => text.Contains("0 steps", StringComparison.Ordinal));
    }

    [Fact]
    public void One_image_alone_can_be_trained_on()
    {
        using TinyRun tiny = new(images: 2);
        using YoloModel model = TinyRun.Model();
        TrainingRun run = Train(model, tiny.Options(epochs: 1), tiny.Hooks);
        Assert.Single(run.Epochs);
        Assert.Contains(tiny.Warnings, warning => warning.Contains("fewer than a batch", StringComparison.Ordinal));
    }

    private static TrainingRun Train(YoloModel model, RunOptions options, TrainingHooks hooks)
    {
        using Trainer trainer = Trainer.Start(model, options, hooks);
        return trainer.Run();
    }

    private static double Total(YoloEpoch epoch) => epoch.BoxLoss + epoch.ClassLoss + epoch.DflLoss;

    private static float[] Row(YoloModel model, string name, int row)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return [.. model.Item(name).Tensor.detach().select(0, row).contiguous().data<float>()];
    }
}
