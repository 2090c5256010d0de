using System.Text.Json;
using Xunit;
using Xunit.Abstractions;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Batches;
using YoloTune.Evaluation;

namespace YoloTune.Tests.Evaluation;

/// <summary>The pretrained network on coco128, against what the reference measured with the same file.</summary>
public sealed class ValidatorReferenceTests(ITestOutputHelper output)
{
    // What the reference's README states for metrics with the same weights.
    private const double GoldenTolerance = 0.002;

    // What was asked for beside the recorded figures: precision and recall are read off at one point of a stepped curve.
    private const double PointTolerance = 0.01;

    private const double ClassTolerance = 0.03;
    private const int EnoughInstances = 10;

    [SkippableTheory]
    [InlineData(0, 640, true, false)]
    [InlineData(1, 320, true, false)]
    [InlineData(2, 640, true, true)]
    [InlineData(3, 320, false, false)]
    public void Metrics_of_the_pretrained_network_equal_the_reference(int run, int imageSize, bool rectangular, bool singleClass)
    {
        using JsonDocument reference = Shared.Json(EvaluationGoldens.Folder + "val_coco128.json");
        JsonElement golden = reference.RootElement.GetProperty("runs")[run], expected = golden.GetProperty("metrics");
        YoloMetrics found = Measure(new EvaluationOptions
        {
            ImageSize = imageSize, Rectangular = rectangular, SingleClass = singleClass, Precision = Precision.Float32,
        });

        Assert.Equal(golden.GetProperty("images").GetInt32(), found.ImageCount);
        Assert.Equal(golden.GetProperty("instances").GetInt32(), found.Instances);
        Assert.Equal(expected.GetProperty("metrics/mAP50(B)").GetDouble(), found.MAP50!.Value, GoldenTolerance);
        Assert.Equal(expected.GetProperty("metrics/mAP50-95(B)").GetDouble(), found.MAP!.Value, GoldenTolerance);
        Assert.Equal(golden.GetProperty("map75").GetDouble(), found.MAP75!.Value, GoldenTolerance);
        Assert.Equal(expected.GetProperty("metrics/precision(B)").GetDouble(), found.Precision!.Value, PointTolerance);
        Assert.Equal(expected.GetProperty("metrics/recall(B)").GetDouble(), found.Recall!.Value, PointTolerance);

        Assert.Equal(golden.GetProperty("per_class").EnumerateObject().Count(), found.PerClass.Count);
        foreach (JsonProperty row in golden.GetProperty("per_class").EnumerateObject())
        {
            ClassMetrics c = found.PerClass.Single(c => c.ClassId == row.Value.GetProperty("id").GetInt32());
            Assert.Equal(
                (row.Value.GetProperty("images").GetInt32(), row.Value.GetProperty("instances").GetInt32()), (c.Images, c.Instances));
            if (c.Instances < EnoughInstances) continue;
            Assert.Equal(row.Value.GetProperty("ap50").GetDouble(), c.AP50, ClassTolerance);
            Assert.Equal(row.Value.GetProperty("ap").GetDouble(), c.AP, ClassTolerance);
        }
    }

    [SkippableFact]
    public void Bfloat16_costs_less_than_half_a_point()
    {
        using JsonDocument reference = Shared.Json(EvaluationGoldens.Folder + "val_coco128.json");
        JsonElement metrics = reference.RootElement.GetProperty("runs")[0].GetProperty("metrics");
        double expected = metrics.GetProperty("metrics/mAP50-95(B)").GetDouble();
        YoloMetrics found = Measure(new EvaluationOptions { Precision = Precision.BFloat16 });
        Assert.Equal(expected, found.MAP!.Value, 0.005);
    }

    private YoloMetrics Measure(EvaluationOptions options)
    {
        using SharedModel model = SharedModel.Yolo11n();
        DatasetDescription description = DatasetDescription.Load(Shared.Path("data/coco128/data.yaml"));
        ImageDataset dataset = ImageDataset.Load(
            description, options.Split, new DatasetOptions { SingleClass = options.SingleClass });
        ValidationBatches batches = new(dataset, new ValidationBatchOptions
        {
            ImageSize = options.ImageSize ?? 640, BatchSize = options.BatchSize, Rect = options.Rectangular,
        });
        YoloMetrics metrics = new Validator(model.Names, options).Run(model.Network, batches.Read());
        output.WriteLine($"{metrics} mAP75 {metrics.MAP75} detections {metrics.DetectionCount} {metrics.Speed}");
        return metrics;
    }
}
