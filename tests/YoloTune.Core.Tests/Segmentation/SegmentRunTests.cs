using System.Globalization;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Data;
using YoloTune.Data.Features;
using YoloTune.Models;
using YoloTune.Networks.Architecture;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Tests.Training.Run;

namespace YoloTune.Tests.Segmentation;

/// <summary>What runs promise holds for masks too.</summary>
public sealed class SegmentRunTests(ITestOutputHelper output)
{
    private const string Yaml = """
        nc: 2
        reg_max: 4
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
          - [[3, 4], 1, Segment, [nc, 8, 16]]
        """;

    [Fact]
    public void The_table_has_the_columns_of_the_reference()
    {
        using TinyRun tiny = Outlined();
        using YoloModel model = Model();
        using Trainer trainer = Trainer.Start(model, Options(tiny, "run"), tiny.Hooks);
        TrainingRun run = trainer.Run();
        Assert.True(run.Completed);
        string[] columns = File.ReadLines(Path.Combine(run.Directory, "results.csv")).First().Split(',');
        Assert.Equal(
            [
                "train/box_loss", "train/seg_loss", "train/cls_loss", "train/dfl_loss", "train/sem_loss", "metrics/precision(B)",
                "metrics/recall(B)", "metrics/mAP50(B)", "metrics/mAP50-95(B)", "metrics/precision(M)", "metrics/recall(M)",
                "metrics/mAP50(M)", "metrics/mAP50-95(M)", "val/box_loss", "val/seg_loss", "val/cls_loss", "val/dfl_loss", "val/sem_loss",
            ],
            columns.Select(column => column.Trim()).Where(column => column.StartsWith("train/", StringComparison.Ordinal)
                || column.StartsWith("metrics/", StringComparison.Ordinal) || column.StartsWith("val/", StringComparison.Ordinal)));
        Assert.All(run.Epochs, epoch => Assert.True(epoch.Losses["seg"] > 0));
    }

    [Fact]
    public void Weights_do_not_depend_on_the_number_of_data_threads()
    {
        using TinyRun tiny = Outlined();
        using YoloModel one = Model(), four = Model();
        using (Trainer trainer = Trainer.Start(one, Options(tiny, "one", workers: 1), tiny.Hooks)) trainer.Run();
        using (Trainer trainer = Trainer.Start(four, Options(tiny, "four", workers: 4), tiny.Hooks)) trainer.Run();
        AssertEqual(one, four);
    }

    [Fact]
    public void A_run_that_was_stopped_equals_one_that_was_not()
    {
        using TinyRun tiny = Outlined();
        using YoloModel whole = Model(), stopped = Model();
        using (Trainer trainer = Trainer.Start(whole, Options(tiny, "whole"), tiny.Hooks)) trainer.Run();
        using (Trainer trainer = Trainer.Start(stopped, Options(tiny, "stopped"), tiny.Hooks)) trainer.NextEpoch();
        using Trainer resumed = Trainer.Resume(tiny.Folder("stopped"), hooks: tiny.Hooks);
        Assert.True(resumed.Run().Completed);
        AssertEqual(whole, resumed.Model);
    }

    [Fact]
    public void Masks_stay_with_their_images_in_the_feature_cache()
    {
        using TinyRun tiny = Outlined();
        double[][] losses = [.. new[] { FeatureCacheMode.None, FeatureCacheMode.Memory }.Select(mode =>
        {
            using YoloModel model = Model();
            foreach (ModelItem item in model.Items.Where(item => item.Layer < 3)) item.Frozen = true;
            RunOptions options = Options(tiny, mode.ToString());
            options = options with { Training = options.Training with { FeatureCache = mode, AugmentationVariants = 2 } };
            using Trainer trainer = Trainer.Start(model, options, tiny.Hooks);
            return trainer.Run().Epochs.Select(epoch => epoch.Losses["seg"]).ToArray();
        })];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", losses[0])}; {string.Join(", ", losses[1])}"));
        // With other batches the convolutions may add up in another order.
        foreach ((double expected, double actual) in losses[0].Zip(losses[1])) Assert.InRange(actual / expected, 1 - 1e-4, 1 + 1e-4);
    }

    [Fact]
    public void Options_of_masks_reach_training_and_measuring()
    {
        using TinyRun tiny = Outlined();
        using YoloModel model = Model();
        RunOptions options = Options(tiny, "whole-masks");
        options = options with { Training = options.Training with { Epochs = 1, OverlapMasks = false, MaskRatio = 2 } };
        using (RunData data = RunData.Open(model, options, tiny.Hooks, default))
        {
            Instances item = data.Pipeline.CreateItem(0, 0).Objects;
            Assert.Equal([item.Count, 32L, 32L], item.Parts["masks"].Shape);
            Assert.Same(data.Training.Labels, data.Validation!.Labels);
        }
        using Trainer trainer = Trainer.Start(model, options, tiny.Hooks);
        Assert.InRange(trainer.Run().Epochs[0].Losses["seg"], 0.01, 100);
        Assert.DoesNotContain(tiny.Warnings, warning => warning.Contains("no effect", StringComparison.Ordinal));

        tiny.Warnings.Clear();
        using YoloModel detector = TinyRun.Model();
        RunChecks.Resolve(detector, options, tiny.Hooks);
        Assert.Equal(
            ["OverlapMasks has no effect on tiny, a model for Detect.", "MaskRatio has no effect on tiny, a model for Detect."], tiny.Warnings);
    }

    private static YoloModel Model() => YoloModel.Create(ModelDefinition.Parse(Yaml, "tiny-seg.yaml"), TinyRun.Classes, seed: 0);

    private static RunOptions Options(TinyRun tiny, string folder, int workers = 1)
    {
        RunOptions options = tiny.Options(epochs: 2, folder: folder);
        return options with { Training = options.Training with { Workers = workers } };
    }

    // Each box becomes the diamond in it.
    private static TinyRun Outlined()
    {
        TinyRun tiny = new(images: 12);
        string labels = Path.Combine(Path.GetDirectoryName(tiny.Data)!, "labels");
        foreach (string file in Directory.EnumerateFiles(labels, "*.txt", SearchOption.AllDirectories))
        {
            File.WriteAllLines(file, File.ReadAllLines(file).Select(line =>
            {
                string[] fields = line.Split(' ');
                double[] v = [.. fields.Skip(1).Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
                (double x, double y, double w, double h) = (v[0], v[1], v[2] / 2, v[3] / 2);
                return string.Create(CultureInfo.InvariantCulture, $"{fields[0]} {x - w} {y} {x} {y - h} {x + w} {y} {x} {y + h}");
            }));
        }
        return tiny;
    }

    private static void AssertEqual(YoloModel expected, YoloModel actual)
    {
        Dictionary<string, byte[]> values = TinyRun.Values(expected);
        Assert.All(TinyRun.Values(actual), entry => Assert.Equal(values[entry.Key], entry.Value));
    }
}
