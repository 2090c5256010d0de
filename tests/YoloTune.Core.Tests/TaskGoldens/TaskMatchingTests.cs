using System.Text.Json;
using TorchSharp;
using Xunit;
using YoloTune.Data;
using YoloTune.Evaluation;
using YoloTune.Tasks.Obb;
using YoloTune.Tasks.Pose;

namespace YoloTune.Tests.TaskGoldens;

/// <summary>True positives and metrics of labels and predictions that are given.</summary>
public sealed class TaskMatchingTests
{
    private const int Images = 7;

    [SkippableTheory]
    [InlineData("coco17")]
    [InlineData("four2d")]
    public void Poses_are_matched_and_measured_as_the_golden(string name)
    {
        using JsonDocument document = Shared.Json("reference/tasks/pose/goldens/matching.json");
        IReadOnlyDictionary<string, torch.Tensor> tensors = Shared.Tensors("reference/tasks/pose/goldens/matching.safetensors");
        JsonElement golden = Case(document, name);
        string[] names = [.. Enumerable.Range(0, golden.GetProperty("nc").GetInt32()).Select(id => $"c{id}")];
        MetricsAccumulator boxes = new(names, new());
        PrecisionAccumulator poses = new(names);
        for (int i = 0; i < Images; i++)
        {
            string key = $"{name}.{i}.";
            int[] classes = [.. Values(tensors, key + "gt_cls").Select(id => (int)id)];
            float[] labelBoxes = Values(tensors, key + "gt_bboxes");
            float[] points = Values(tensors, key + "pred_keypoints");
            Detections found = Found(tensors, key, points);
            LabelledPoints labelled = new(Values(tensors, key + "gt_keypoints"), golden.GetProperty("kpt_shape")[0].GetInt32());
            float[] similarities = PoseEvaluator.Similarities(labelled, labelBoxes, 0, found);
            if (tensors.ContainsKey(key + "oks")) Near(Values(tensors, key + "oks"), similarities, 1e-6f);
            ushort[] matches = DetectionMatcher.MatchOverlaps(similarities, classes, found);
            Assert.Equal(Bits(tensors, key + "tp_p", found.Count), matches);
            Assert.Equal(Bits(tensors, key + "tp", found.Count), DetectionMatcher.Match(labelBoxes, classes, found));
            boxes.Add(labelBoxes, classes, found);
            poses.Add(matches, classes, found);
        }
        JsonElement results = golden.GetProperty("metrics").GetProperty("results");
        YoloMetrics metrics = PoseEvaluator.Join(boxes.ToMetrics(), poses);
        foreach ((string measure, double value) in metrics.Measures) Assert.Equal(results.GetProperty(measure).GetDouble(), value, 1e-6);
        Assert.Equal(8, metrics.Measures.Count);
        Assert.Equal(golden.GetProperty("metrics").GetProperty("fitness").GetDouble(), metrics.Fitness!.Value, 1e-6);
    }

    [SkippableTheory]
    [InlineData("three")]
    [InlineData("one")]
    public void Oriented_boxes_are_matched_and_measured_as_the_golden(string name)
    {
        using JsonDocument document = Shared.Json("reference/tasks/obb/goldens/matching.json");
        IReadOnlyDictionary<string, torch.Tensor> tensors = Shared.Tensors("reference/tasks/obb/goldens/matching.safetensors");
        JsonElement golden = Case(document, name);
        string[] names = [.. Enumerable.Range(0, golden.GetProperty("nc").GetInt32()).Select(id => $"c{id}")];
        MetricsAccumulator usual = new(names, new() { Confidence = 0.01 }, ConfusionMatrix.DefaultConfidence);
        MetricsAccumulator half = new(names, new() { Confidence = 0.5 });
        for (int i = 0; i < Images; i++)
        {
            string key = $"{name}.{i}.";
            int[] classes = [.. Values(tensors, key + "gt_cls").Select(id => (int)id)];
            OrientedBox[] labels =
                [.. Values(tensors, key + "gt_bboxes").Chunk(5).Select(row => new OrientedBox(row[0], row[1], row[2], row[3], row[4]))];
            float[] predicted = Values(tensors, key + "pred_bboxes");
            Detections found = Found(tensors, key, [.. predicted.Where((_, k) => k % 5 == 4)], 5);
            float[] overlaps = ObbEvaluator.Overlaps(labels, found);
            if (tensors.ContainsKey(key + "probiou"))
            {
                float[] expected = Values(tensors, key + "probiou");
                // README: 1e-5; near 1 the root amplifies rounding to 2e-4.
                for (int k = 0; k < expected.Length; k++) Assert.Equal(expected[k], overlaps[k], expected[k] > 0.99f ? 2e-4f : 1e-5f);
            }
            Assert.Equal(Bits(tensors, key + "tp", found.Count), DetectionMatcher.MatchOverlaps(overlaps, classes, found));
            usual.AddOverlaps(overlaps, classes, found);
            half.AddOverlaps(overlaps, classes, found);
        }
        JsonElement results = golden.GetProperty("metrics").GetProperty("results");
        YoloMetrics metrics = usual.ToMetrics();
        foreach ((string measure, double value) in metrics.Measures) Assert.Equal(results.GetProperty(measure).GetDouble(), value, 1e-6);
        Assert.Equal(golden.GetProperty("metrics").GetProperty("fitness").GetDouble(), metrics.Fitness!.Value, 1e-6);
        Same(golden.GetProperty("confusion_default_conf"), metrics.ConfusionMatrix);
        Same(golden.GetProperty("confusion_conf_0_5"), half.ToMetrics().ConfusionMatrix);
    }

    private static void Same(JsonElement golden, ConfusionMatrix matrix)
    {
        long[,] counts = matrix.ToArray();
        for (int row = 0; row < counts.GetLength(0); row++)
        {
            for (int column = 0; column < counts.GetLength(1); column++)
                Assert.Equal((long)golden[row][column].GetDouble(), counts[row, column]);
        }
    }

    private static JsonElement Case(JsonDocument document, string name) => document.RootElement.GetProperty("cases").EnumerateArray()
        .Single(item => item.GetProperty("name").GetString() == name);

    private static float[] Values(IReadOnlyDictionary<string, torch.Tensor> tensors, string key) =>
        tensors.TryGetValue(key, out torch.Tensor? tensor) ? [.. tensor.to(torch.float32).contiguous().data<float>()] : [];

    private static ushort[] Bits(IReadOnlyDictionary<string, torch.Tensor> tensors, string key, int count)
    {
        float[] values = Values(tensors, key);
        return [.. Enumerable.Range(0, count)
            .Select(d => (ushort)Enumerable.Range(0, 10).Sum(t => values[(10 * d) + t] != 0 ? 1 << t : 0))];
    }

    private static Detections Found(IReadOnlyDictionary<string, torch.Tensor> tensors, string key, float[] extras, int boxColumns = 4)
    {
        float[] boxes = Values(tensors, key + "pred_bboxes"), confidences = Values(tensors, key + "pred_conf");
        float[] classes = Values(tensors, key + "pred_cls");
        int count = confidences.Length, extra = count == 0 ? 0 : extras.Length / count;
        List<float> rows = [];
        for (int d = 0; d < count; d++)
        {
            rows.AddRange(boxes.AsSpan(boxColumns * d, 4));
            rows.AddRange([confidences[d], classes[d]]);
            rows.AddRange(extras.AsSpan(extra * d, extra));
        }
        return new([.. rows], [.. Enumerable.Range(0, count)], Detections.FixedColumns + extra);
    }

    private static void Near(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }
}
