using System.Diagnostics;
using TorchSharp;
using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Devices;
using YoloTune.Evaluation;
using YoloTune.Kernels;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tests.Evaluation;

/// <summary>The validator on small networks of random weights and drawn batches; runs anywhere.</summary>
[Collection(NetworkRuns.Name)]
public sealed class ValidatorTests
{
    private static readonly string[] Names = ["cat", "dog"];

    [Fact]
    public void Images_labels_and_classes_are_counted()
    {
        using YoloNetwork network = Network("yolo11n");
        YoloMetrics metrics = new Validator(Names).Run(network, Batches(3));
        Assert.Equal((12, 24), (metrics.ImageCount, metrics.Instances));
        Assert.Equal([("cat", 12, 12), ("dog", 12, 12)], metrics.PerClass.Select(c => (c.ClassName, c.Images, c.Instances)));
        Assert.NotNull(metrics.Speed!.Inference);
        Assert.Null(metrics.Speed.Loss);
        Assert.Null(metrics.Losses);
        Assert.Equal(new EvaluationOptions(), metrics.Settings);
    }

    [Theory]
    [InlineData("yolo11n", true)]
    [InlineData("yolo11n", false)]
    [InlineData("yolo26n", true)]
    public void Losses_are_the_mean_over_the_batches(string architecture, bool fuse)
    {
        using YoloNetwork network = Network(architecture);
        int calls = 0;
        YoloMetrics metrics = new Validator(Names, new EvaluationOptions { Fuse = fuse }).Run(network, Batches(3), new ValidationHooks
        {
            LossNames = ["first", "second"],
            Loss = (output, batch) =>
            {
                Assert.NotNull(output.OneToMany);
                Assert.Equal(network.EndToEnd, output.OneToOne is not null);
                Assert.Equal(8, batch.Targets.Boxes.shape[0]);
                return torch.tensor(new[] { 1f, ++calls });
            },
        });
        Assert.Equal(new Dictionary<string, double> { ["first"] = 1, ["second"] = 2 }, metrics.Losses);
        Assert.NotNull(metrics.Speed!.Loss);
    }

    [Fact]
    public void Observer_and_progress_follow_the_batches()
    {
        using YoloNetwork network = Network("yolo11n");
        List<(int, int, int)> seen = [];
        Progress progress = new();
        new Validator(Names).Run(network, Batches(2), new ValidationHooks
        {
            Observer = batch => seen.Add((batch.Index, batch.Results.Count, (int)batch.Batch.Images.shape[0])),
            Progress = progress,
            TotalImages = 8,
        });
        Assert.Equal([(0, 4, 4), (1, 4, 4)], seen);
        Assert.Equal([new EvaluationProgress(4, 8), new EvaluationProgress(8, 8)], progress.Reports);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_network_is_left_as_it_was(bool fuse)
    {
        using YoloNetwork network = Network("yolo11n");
        network.train();
        Dictionary<string, byte[]> before = network.StateItems.ToDictionary(item => item.Name, item => item.Tensor.bytes.ToArray());
        new Validator(Names, new EvaluationOptions { Fuse = fuse }).Run(network, Batches(1));
        Assert.True(network.training);
        Assert.All(network.modules(), module => Assert.True(module.training));
        Assert.All(network.StateItems, item => Assert.Equal(before[item.Name], item.Tensor.bytes.ToArray()));
    }

    [Fact]
    public void Folding_changes_no_figure()
    {
        using YoloNetwork network = Network("yolo11n");
        List<float> Scores(bool fuse)
        {
            List<float> scores = [];
            new Validator(Names, new EvaluationOptions { Fuse = fuse, Confidence = 0 }).Run(network, Batches(1), new ValidationHooks
            {
                Observer = batch => scores.AddRange(batch.Results.Cast<Detections>().Select(found => found.Confidence(0))),
            });
            return scores;
        }
        // Folding rounds each product of two float32 factors once more.
        foreach (var (folded, plain) in Scores(true).Zip(Scores(false))) Assert.Equal(plain, folded, 1e-5f);
    }

    [Fact]
    public void End_to_end_predictions_are_not_suppressed()
    {
        using YoloNetwork network = Network("yolo26n");
        // 64 x 64 pixels have 8 x 8 + 4 x 4 + 2 x 2 anchors, less than the 300 an image may have; each gives one detection.
        new Validator(Names, new EvaluationOptions { Confidence = 0, IoU = 0.01 }).Run(network, Batches(1), new ValidationHooks
        {
            Observer = batch => Assert.All(batch.Results.Cast<Detections>(), found => Assert.Equal(84, found.Count)),
        });
    }

    [Fact]
    public void A_single_class_is_measured_without_telling_classes_apart()
    {
        using YoloNetwork network = Network("yolo11n");
        YoloMetrics metrics = new Validator(Names, new EvaluationOptions { SingleClass = true, Confidence = 0 }).Run(
            network, Batches(1), new ValidationHooks
            {
                Observer = batch => Assert.All(batch.Results.Cast<Detections>(), found => Assert.Equal(0, found.ClassId(found.Count - 1))),
            });
        Assert.Equal((0, "item", 8), Assert.Single(metrics.PerClass) is var row ? (row.ClassId, row.ClassName, row.Instances) : default);
    }

    [Fact]
    public void Bfloat16_runs_through()
    {
        using YoloNetwork network = Network("yolo11n");
        EvaluationOptions options = new() { Precision = Precision.BFloat16 };
        YoloMetrics metrics = new Validator(Names, options).Run(network, Batches(1));
        Assert.Equal(4, metrics.ImageCount);
    }

    [Fact]
    public void Automatic_precision_is_the_one_that_training_takes_and_the_result_says_which()
    {
        using YoloNetwork network = Network("yolo11n");
        YoloMetrics metrics = new Validator(Names, new EvaluationOptions { Precision = Precision.Auto }).Run(network, Batches(1));
        Assert.Equal(ProcessorFeatures.HasBFloat16 ? Precision.BFloat16 : Precision.Float32, metrics.Settings.Precision);
        Assert.Equal(PrecisionResolver.Resolve(Precision.Auto, torch.CPU), metrics.Settings.Precision);
    }

    [Fact]
    public void Half_precision_is_refused_on_the_processor_with_a_remedy()
    {
        using YoloNetwork network = Network("yolo11n");
        SelectionException error = Assert.Throws<SelectionException>(
            () => new Validator(Names, new EvaluationOptions { Precision = Precision.Float16 }).Run(network, Batches(1)));
        Assert.Contains("BFloat16", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_class_the_model_lacks_names_the_image()
    {
        using YoloNetwork network = Network("yolo11n");
        DatasetException error = Assert.Throws<DatasetException>(() => new Validator(Names).Run(network, Batches(1, largestClass: 2)));
        Assert.Equal("image1.jpg", error.File);
        Assert.Contains("class 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_with_another_number_of_classes_is_refused()
    {
        using YoloNetwork network = new(ModelPlan.Create(ModelDefinition.Load("yolo11n-cls").WithClassCount(2)));
        Assert.Throws<ArgumentException>(() => new Validator(["a", "b", "c"]).Run(network, Batches(1)));
    }

    [Fact]
    public void Cancelling_stops_before_the_next_batch()
    {
        using YoloNetwork network = Network("yolo11n");
        using CancellationTokenSource source = new();
        int seen = 0;
        ValidationHooks hooks = new()
        {
            Observer = _ =>
            {
                seen++;
                source.Cancel();
            },
        };
        Assert.Throws<OperationCanceledException>(() => new Validator(Names).Run(network, Batches(5), hooks, source.Token));
        Assert.Equal(1, seen);
    }

    [Fact]
    public void No_image_at_all_gives_metrics_that_say_so()
    {
        using YoloNetwork network = Network("yolo11n");
        YoloMetrics metrics = new Validator(Names).Run(network, []);
        Assert.Equal(0, metrics.ImageCount);
        Assert.Null(metrics.MAP);
        Assert.Null(metrics.Speed);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_number_of_images()
    {
        using YoloNetwork network = Network("yolo11n");
        List<long> used = [];
        new Validator(Names).Run(network, Batches(150), new ValidationHooks
        {
            Observer = batch =>
            {
                if (batch.Index % 50 != 49) return;
                GC.Collect();
                GC.WaitForPendingFinalizers();
                using Process self = Process.GetCurrentProcess();
                used.Add(self.WorkingSet64);
            },
        });
        // A batch left alive takes 0.2 MB of pixels and 3 MB of feature maps: 100 of them 300 MB. The allocator itself wavers by a few.
        Assert.InRange(used[2] - used[0], long.MinValue, 20L << 20);
    }

    private static YoloNetwork Network(string architecture) =>
        new(ModelPlan.Create(ModelDefinition.Load(architecture).WithClassCount(Names.Length)), new NetworkOptions { Seed = 1 });

    /// <summary>Batches of four images with two boxes each, one of either class.</summary>
    private static IEnumerable<ImageBatch> Batches(int count, int largestClass = 1)
    {
        for (int i = 0; i < count; i++)
        {
            using torch.Generator random = new((ulong)i);
            yield return new ImageBatch
            {
                Images = torch.randint(0, 256, [4, 3, 64, 64], torch.ScalarType.Byte, generator: random),
                Targets = new()
                {
                    ImageIndex = torch.tensor([0f, 0f, 1f, 1f, 2f, 2f, 3f, 3f]),
                    Classes = torch.tensor([0f, 1f, 0f, largestClass, 0f, 1f, 0f, 1f]),
                    Boxes = torch.tensor([0.3f, 0.3f, 0.4f, 0.2f]).repeat(8, 1),
                },
                Sources = [.. Enumerable.Range(0, 4).Select(k => new BatchImage($"image{k}.jpg", 64, 64, 1, 0, 0))],
            };
        }
    }

    private sealed class Progress : IProgress<EvaluationProgress>
    {
        public List<EvaluationProgress> Reports { get; } = [];

        public void Report(EvaluationProgress value) => Reports.Add(value);
    }
}
