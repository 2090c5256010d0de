using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data.Augmentation;
using YoloTune.Evaluation;
using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Inference;
using YoloTune.Models;
using YoloTune.Models.Transfer;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;
using YoloTune.Prediction;
using YoloTune.Runs;
using YoloTune.Runs.Records;
using YoloTune.Tests.Data;
using YoloTune.Tests.Training.Run;
using YoloTune.Training.Optimizers;

namespace YoloTune.Tests.Classification;

public sealed class ClassificationRunTests
{
    private static readonly string[] Classes = ["dark", "light"];

    private const string Yaml = """
        nc: 2
        scale: n
        scales:
          n: [1.0, 1.0, 1024]
        backbone:
          - [-1, 1, Conv, [8, 3, 2]]
          - [-1, 1, Conv, [16, 3, 2]]
          - [-1, 1, C2f, [16, True]]
        head:
          - [-1, 1, Classify, [nc]]
        """;

    [Fact]
    public void A_run_learns_writes_its_columns_and_its_pictures()
    {
        using TestFiles files = Dataset();
        using YoloModel model = Model();
        List<string> messages = [], warnings = [];
        RunOptions options = Options(files, "run", epochs: 6);
        options = options with { Training = options.Training with { Plots = true } };
        TrainingRun run;
        using (Trainer trainer = Trainer.Start(model, options, new() { Message = messages.Add, Warning = warnings.Add }))
        {
            run = trainer.Run();
            Assert.Equal(1, trainer.Metrics!.Top1);
            Assert.Equal(Classes, trainer.Metrics.PerClassAccuracy.Select(row => row.ClassName));
        }
        Assert.Equal(
            "epoch,time,train/loss,metrics/accuracy_top1,metrics/accuracy_top5,val/loss,lr/pg0,lr/pg1,lr/pg2",
            File.ReadLines(Path.Combine(run.Directory, "results.csv")).First());
        Assert.True(run.Epochs[^1].Losses["loss"] < run.Epochs[0].Losses["loss"]);
        Assert.Equal(((run.Best!.Top1 + run.Best.Top5) / 2, 1.0), (run.Best.Fitness, run.Best.Top5));
        TrainingRun read = TrainingRun.Read(run.Directory);
        Assert.Equal(run.Epochs.Select(epoch => epoch.Losses["loss"]), read.Epochs.Select(epoch => epoch.Losses["loss"]));
        File.Delete(Path.Combine(run.Directory, "run.json"));
        Assert.Equal(run.Epochs[0].Losses["loss"], TrainingRun.Read(run.Directory).Epochs[0].Losses["loss"], 5);
        foreach (string picture in (string[])["train_batch0.jpg", "val_batch0_labels.jpg", "val_batch0_pred.jpg", "confusion_matrix.png",
            "results.png"])
            Assert.True(File.Exists(Path.Combine(run.Directory, picture)), picture);
        Assert.False(File.Exists(Path.Combine(run.Directory, "labels.jpg")));
        Assert.Empty(Directory.GetFiles(run.Directory, "*curve*"));
        Assert.Contains(messages, message => message.Contains("16 images of 2 classes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW, false, 0.0)]
    [InlineData(OptimizerKind.SGD, true, 0.4)]
    public void A_run_that_was_stopped_equals_one_that_was_not(OptimizerKind optimizer, bool withinEpoch, double dropout)
    {
        using TestFiles files = Dataset();
        using YoloModel whole = Model(), stopped = Model();
        using (Trainer trainer = Trainer.Start(whole, Options(files, "whole", 3, optimizer, dropout))) trainer.Run();
        using (CancellationTokenSource source = new())
        {
            TrainingHooks hooks = new() { Progress = new Stopper(source) };
            using Trainer trainer = Trainer.Start(stopped, Options(files, "stopped", 3, optimizer, dropout), withinEpoch ? hooks : new());
            if (withinEpoch) Assert.False(trainer.Run(source.Token).Completed);
            else trainer.NextEpoch();
        }
        using Trainer resumed = Trainer.Resume(files.PathOf("stopped"));
        Assert.True(resumed.Run().Completed);
        Assert.Equal(dropout, ((Classify)resumed.Model.Network.Layers[^1].Module).Dropout.Fraction);
        Dictionary<string, byte[]> values = TinyRun.Values(whole);
        Assert.All(TinyRun.Values(resumed.Model), entry => Assert.Equal(values[entry.Key], entry.Value));
    }

    [Fact]
    public void Dropout_leaves_out_a_fraction_in_training_alone_and_keeps_the_sum()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Dropout dropout = new() { Fraction = 0.25 };
        torch.Tensor ones = torch.ones(40, 1000);
        dropout.Seed(5);
        torch.Tensor first = dropout.call(ones), second = dropout.call(ones);
        Assert.Equal(0.25, first.eq(0).to(torch.float32).mean().ToDouble(), 0.01); // 40,000 draws
        Assert.Equal(1, first.mean().ToDouble(), 0.02);
        Assert.False(first.equal(second).all().ToBoolean());
        dropout.Seed(5);
        Assert.True(dropout.call(ones).equal(first).all().ToBoolean());
        dropout.eval();
        Assert.True(dropout.call(ones).equal(ones).all().ToBoolean());
    }

    [Fact]
    public void The_number_of_data_threads_makes_no_difference()
    {
        using TestFiles files = Dataset();
        Dictionary<string, byte[]> Trained(int workers)
        {
            using YoloModel model = Model();
            RunOptions options = Options(files, $"workers{workers}", 2);
            using Trainer trainer = Trainer.Start(model, options with { Training = options.Training with { Workers = workers } });
            trainer.Run();
            return TinyRun.Values(model);
        }
        Dictionary<string, byte[]> one = Trained(1), four = Trained(4);
        Assert.All(one, entry => Assert.Equal(entry.Value, four[entry.Key]));
    }

    [Fact]
    public void Models_and_onnx_files_are_measured_and_predict_alike()
    {
        using TestFiles files = Dataset();
        using YoloModel model = Model();
        using (Trainer trainer = Trainer.Start(model, Options(files, "run", 4))) trainer.Run();
        string pt = files.PathOf("out/tiny.pt"), onnx = files.PathOf("out/tiny.onnx");
        ModelExporter.WritePt(model, pt);
        OnnxExporter.Write(model, onnx, new() { Height = 32, Width = 32 });
        EvaluationOptions options = new() { ImageSize = 32 };
        YoloMetrics own = ModelEvaluation.Measure(model, files.PathOf("set"), options);
        using YoloModel imported = ModelImporter.Import(pt);
        Assert.Equal(("Classify", Classes[0]), (imported.Task.Name, imported.ClassNames[0]));
        using OnnxModel file = new(onnx);
        foreach (IYoloDetector other in (IYoloDetector[])[imported, file])
        {
            YoloMetrics metrics = ModelEvaluation.Measure(other, files.PathOf("set"), options);
            Assert.Equal((own.Top1, own.Top5, own.ImageCount), (metrics.Top1, metrics.Top5, metrics.ImageCount));
        }
        string[] images = Directory.GetFiles(files.PathOf("set/val/dark"));
        using Predictor first = Predictor.For(model, new() { ImageSize = 32 }), second = Predictor.For(file, new() { ImageSize = 32 });
        foreach ((ImagePrediction a, ImagePrediction b) in first.Predict(images).Zip(second.Predict(images)))
        {
            Assert.Equal(a.Classification!.ClassId, b.Classification!.ClassId);
            Assert.Equal(a.Classification.Top1Confidence, b.Classification.Top1Confidence, 1e-4);
        }
    }

    [Fact]
    public void Some_classes_are_measured_alone_and_new_ones_apart()
    {
        using TestFiles files = Dataset();
        using YoloModel model = Model();
        YoloMetrics some = ModelEvaluation.Measure(model, files.PathOf("set"), new() { ImageSize = 32, Classes = [1] });
        Assert.Equal((4, "light"), (some.ImageCount, Assert.Single(some.PerClassAccuracy).ClassName));
        YoloMetrics apart = ModelEvaluation.Measure(model, files.PathOf("set"), new() { ImageSize = 32, NewClasses = [1] });
        Assert.Equal(apart.PerClassAccuracy.Select(row => (double?)row.Top1), apart.Groups.Select(group => group.Top1));
    }

    [Fact]
    public void A_detection_set_is_refused_and_a_detector_refuses_class_folders()
    {
        using TestFiles files = Dataset();
        using TinyRun boxes = new(4);
        using YoloModel classifier = Model(), detector = TinyRun.Model();
        DatasetException error =
            Assert.Throws<DatasetException>(() => Trainer.Start(classifier, Options(files, "a", 1) with { Data = boxes.Data }));
        Assert.Contains("classifies images as a whole", error.Message, StringComparison.Ordinal);
        Assert.Contains("folder per class", error.Remedy, StringComparison.Ordinal);
        error = Assert.Throws<DatasetException>(() => Trainer.Start(detector, boxes.Options() with { Data = files.PathOf("set") }));
        Assert.Contains("folder per class", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<DatasetException>(() => ModelEvaluation.Measure(detector, files.PathOf("set"), new()));
        Assert.Contains("predicts objects", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(files.PathOf("a")));
    }

    [Fact]
    public void Classes_change_as_in_a_detector()
    {
        using TestFiles files = Dataset("c", "light", "dark");
        using YoloModel model = Model();
        byte[] light = Row(model, 1);
        ClassSurgery.SetClasses(model, ["c", "dark", "light"], ignoreCase: false, new Dictionary<string, string>());
        Assert.Equal(3, model.ClassCount);
        Assert.Equal(light, Row(model, 2));
        using Trainer trainer = Trainer.Start(model, Options(files, "run", 1));
        trainer.Run();
        Assert.Single(trainer.Record.Epochs);
    }

    [Fact]
    public void Features_of_frozen_layers_are_kept_and_give_the_same_weights()
    {
        using TestFiles files = Dataset();
        Dictionary<string, byte[]> Trained(YoloTune.Data.Features.FeatureCacheMode mode)
        {
            using YoloModel model = Model();
            foreach (ModelItem item in model.Items.Where(item => item.Name.StartsWith("model.0.", StringComparison.Ordinal)
                || item.Name.StartsWith("model.1.", StringComparison.Ordinal))) item.Frozen = true;
            RunOptions options = Options(files, "cache" + mode, 2);
            using Trainer trainer = Trainer.Start(
                model, options with { Training = options.Training with { FeatureCache = mode, AugmentationVariants = 2 } });
            trainer.Run();
            return TinyRun.Values(model);
        }
        Dictionary<string, byte[]> without = Trained(YoloTune.Data.Features.FeatureCacheMode.None),
            with = Trained(YoloTune.Data.Features.FeatureCacheMode.Memory);
        Assert.All(without, entry => Assert.Equal(entry.Value, with[entry.Key]));
    }

    private static byte[] Row(YoloModel model, int row) =>
        model.Items.Single(item =>
            item.Name.EndsWith("linear.weight", StringComparison.Ordinal)).Tensor.detach()[row].contiguous().bytes.ToArray();

    private static YoloModel Model() => YoloModel.Create(ModelDefinition.Parse(Yaml, "tiny-cls.yaml"), Classes, seed: 1);

    private static TestFiles Dataset(params string[] classes)
    {
        TestFiles files = new();
        if (classes.Length == 0) classes = Classes;
        foreach ((string split, int count) in new[] { ("train", 8), ("val", 4) })
        {
            foreach (string name in classes)
            {
                for (int i = 0; i < count; i++)
                {
                    using YoloTune.Images.ImageBuffer image = TestFiles.Pattern(40 + i, 52, i);
                    foreach (ref uint pixel in image.Pixels) pixel = name == "light" ? pixel | 0xFFC0C0C0u : pixel & 0xFF3F3F3Fu;
                    YoloTune.Images.ImageEncoder.Save(image, files.PathOf($"set/{split}/{name}/{i}.png"));
                }
            }
        }
        return files;
    }

    private static RunOptions Options(
        TestFiles files, string folder, int epochs, OptimizerKind optimizer = OptimizerKind.AdamW, double dropout = 0) => new()
    {
        Data = files.PathOf("set"),
        OutputPath = files.PathOf(folder),
        Training = new()
        {
            Epochs = epochs, ImageSize = 32, BatchSize = 4, NominalBatchSize = 8, Optimizer = optimizer, LearningRate = 0.005,
            Precision = Precision.Float32, Plots = false, Workers = 1, WarmupEpochs = 0, Dropout = dropout,
            Augmentation = new AugmentationOptions { AutoAugment = AutoAugmentKind.RandAugment },
        },
    };

    private sealed class Stopper(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value is { Phase: TrainingPhase.Training, Epoch: 2, Batch: 2 }) source.Cancel();
        }
    }
}
