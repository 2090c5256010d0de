using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Evaluation;

namespace YoloTune.Tests.Evaluation;

public sealed class AveragePrecisionTests
{
    // The golden's stated tolerance in double precision; its confidences are float32 values written out in full.
    private const double Tolerance = 1e-9;

    // The golden's stated tolerance from the recorded matches to the metrics.
    private const double StatsTolerance = 2e-4;

    [SkippableTheory]
    [InlineData("small")]
    [InlineData("medium")]
    [InlineData("edge_missing_class")]
    [InlineData("perfect")]
    public void Class_figures_and_curves_equal_the_golden(string name)
    {
        using JsonDocument golden = Shared.Json(EvaluationGoldens.Folder + "ap.json");
        JsonElement test = golden.RootElement.GetProperty("cases").GetProperty(name), expected = test.GetProperty("out");
        int[] targets = test.GetProperty("target_cls").Ints();
        int[] counts = new int[8];
        foreach (int c in targets) counts[c]++;
        MetricCurves found = AveragePrecision.Compute(
            test.GetProperty("tp").CorrectBits(), test.GetProperty("conf").Floats(), test.GetProperty("pred_cls").Ints(), counts);

        AssertClose(expected.GetProperty("p"), found.Classes.Select(c => c.Precision));
        AssertClose(expected.GetProperty("r"), found.Classes.Select(c => c.Recall));
        AssertClose(expected.GetProperty("f1"), found.Classes.Select(c => c.F1));
        foreach (var (row, c) in expected.GetProperty("ap_per_class_per_iou").EnumerateArray().Zip(found.Classes)) AssertClose(row, c.AP);
        if (expected.TryGetProperty("unique_classes", out JsonElement classes))
        {
            Assert.Equal(classes.Ints(), found.Classes.Select(c => c.ClassId));
        }
        if (!expected.TryGetProperty("curve_sample_indices", out JsonElement samples)) return;

        int[] at = samples.Ints();
        Assert.Equal(expected.GetProperty("best_f1_confidence").GetDouble(), found.BestConfidence, Tolerance);
        // What a legend reads off at the best confidence is what the rows say.
        Assert.Equal(found.BestConfidence, MetricCurves.Axis[found.BestPoint], Tolerance);
        Assert.Equal(found.Classes.Average(c => c.F1), found.F1[found.BestPoint], Tolerance);
        AssertCurve("p_curve_sample", c => c.PrecisionCurve);
        AssertCurve("r_curve_sample", c => c.RecallCurve);
        AssertCurve("f1_curve_sample", c => c.F1Curve);
        AssertCurve("prec_values_sample", c => c.PrecisionRecallCurve);
        Assert.Equal(expected.GetProperty("mp").GetDouble(), found.Classes.Average(c => c.Precision), Tolerance);
        Assert.Equal(expected.GetProperty("map50").GetDouble(), found.Classes.Average(c => c.AP50), Tolerance);
        Assert.Equal(expected.GetProperty("map75").GetDouble(), found.Classes.Average(c => c.AP75), Tolerance);
        Assert.Equal(expected.GetProperty("map5095").GetDouble(), found.Classes.Average(c => c.MeanAP), Tolerance);

        void AssertCurve(string property, Func<ClassPrecision, double[]> curve)
        {
            foreach (var (row, c) in expected.GetProperty(property).EnumerateArray().Zip(found.Classes))
            {
                AssertClose(row, at.Select(i => curve(c)[i]));
            }
        }
    }

    [SkippableFact]
    public void Area_and_envelope_equal_the_golden()
    {
        using JsonDocument golden = Shared.Json(EvaluationGoldens.Folder + "ap.json");
        foreach (JsonElement test in golden.RootElement.GetProperty("compute_ap").EnumerateArray())
        {
            double[] recall = test.GetProperty("recall").Doubles(), precision = test.GetProperty("precision").Doubles();
            Assert.Equal(test.GetProperty("ap").GetDouble(), AveragePrecision.Area(recall, precision), Tolerance);
            (double[] x, double[] y) = AveragePrecision.Envelope(recall, precision);
            AssertClose(test.GetProperty("envelope_recall"), x);
            AssertClose(test.GetProperty("envelope_precision"), y);
        }
    }

    [SkippableFact]
    public void Smoothing_equals_the_golden()
    {
        using JsonDocument golden = Shared.Json(EvaluationGoldens.Folder + "ap.json");
        foreach (JsonElement test in golden.RootElement.GetProperty("box_filter_smoothing").EnumerateArray())
        {
            AssertClose(test.GetProperty("out"), CurveMath.Smooth(test.GetProperty("y").Doubles(), test.GetProperty("f").GetDouble()));
        }
    }

    [SkippableTheory]
    [InlineData("yolo11n_640", 0)]
    [InlineData("yolo11n_320", 1)]
    public void Metrics_from_the_recorded_matches_of_coco128_equal_the_reference(string name, int run)
    {
        using JsonDocument golden = Shared.Json(EvaluationGoldens.Folder + "val_coco128.json");
        var stats = Shared.Tensors(EvaluationGoldens.Folder + "val_coco128_stats.safetensors");
        JsonElement expected = golden.RootElement.GetProperty("runs")[run];
        byte[] hits = stats[name + ".tp"].data<byte>().ToArray();
        ushort[] correct = [.. hits.Chunk(10).Select(row => (ushort)row.Select((hit, t) => hit << t).Sum())];
        int[] counts = new int[80];
        foreach (byte c in stats[name + ".target_cls"].data<byte>()) counts[c]++;
        MetricCurves found = AveragePrecision.Compute(
            correct, stats[name + ".conf"].data<float>().ToArray(), [.. stats[name + ".pred_cls"].data<byte>().ToArray()], counts);

        JsonElement metrics = expected.GetProperty("metrics");
        Assert.Equal(metrics.GetProperty("metrics/precision(B)").GetDouble(), found.Classes.Average(c => c.Precision), StatsTolerance);
        Assert.Equal(metrics.GetProperty("metrics/recall(B)").GetDouble(), found.Classes.Average(c => c.Recall), StatsTolerance);
        Assert.Equal(metrics.GetProperty("metrics/mAP50(B)").GetDouble(), found.Classes.Average(c => c.AP50), StatsTolerance);
        Assert.Equal(metrics.GetProperty("metrics/mAP50-95(B)").GetDouble(), found.Classes.Average(c => c.MeanAP), StatsTolerance);
        Assert.Equal(expected.GetProperty("map75").GetDouble(), found.Classes.Average(c => c.AP75), StatsTolerance);
        Assert.Equal(expected.GetProperty("per_class").EnumerateObject().Count(), found.Classes.Count);
        foreach (JsonProperty row in expected.GetProperty("per_class").EnumerateObject())
        {
            ClassPrecision c = found.Classes.Single(c => c.ClassId == row.Value.GetProperty("id").GetInt32());
            Assert.Equal(row.Value.GetProperty("instances").GetInt32(), c.Labels);
            Assert.Equal(row.Value.GetProperty("ap50").GetDouble(), c.AP50, StatsTolerance);
            Assert.Equal(row.Value.GetProperty("ap").GetDouble(), c.MeanAP, StatsTolerance);
        }
    }

    [Fact]
    public void Without_labels_there_is_no_class_and_no_curve() =>
        Assert.Empty(AveragePrecision.Compute([0], [0.5f], [0], new int[3]).Classes);

    [Fact]
    public void Detections_of_classes_without_labels_are_ignored()
    {
        MetricCurves found = AveragePrecision.Compute([1023, 0], [0.9f, 0.95f], [0, 1], [1, 0]);
        Assert.Equal(0.995, Assert.Single(found.Classes).MeanAP, Tolerance);
    }

    private static void AssertClose(JsonElement expected, IEnumerable<double> found)
    {
        double[] values = [.. found];
        Assert.Equal(expected.GetArrayLength(), values.Length);
        for (int i = 0; i < values.Length; i++) Assert.Equal(expected[i].GetDouble(), values[i], Tolerance);
    }
}
