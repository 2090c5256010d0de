using System.Text.Json;
using Xunit;
using YoloTune.Evaluation;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tests.Evaluation;

public sealed class DetectionMatcherTests
{
    [SkippableFact]
    public void Overlaps_equal_the_golden_where_classes_agree()
    {
        foreach (Case golden in Cases())
        {
            float[][] expected = [.. golden.Json.GetProperty("iou_gt_by_pred").EnumerateArray().Select(row => row.Floats())];
            for (int l = 0; l < golden.LabelClasses.Length; l++)
            {
                for (int d = 0; d < golden.Detections.Count; d++)
                {
                    // The golden's stated tolerance for overlaps.
                    float overlap = YoloTune.Evaluation.BoxOverlap.IoU(golden.LabelBoxes.AsSpan(l * 4, 4), golden.Detections.Box(d));
                    if (expected[l][d] != 0) Assert.Equal(expected[l][d], overlap, 1e-6f);
                }
            }
        }
    }

    [SkippableFact]
    public void True_positives_equal_the_golden()
    {
        foreach (Case golden in Cases())
        {
            ushort[] expected = golden.Json.GetProperty("correct_14x10").CorrectBits();
            Assert.Equal(expected, DetectionMatcher.Match(golden.LabelBoxes, golden.LabelClasses, golden.Detections));
        }
    }

    [SkippableTheory]
    [InlineData("confusion_conf_default", ConfusionMatrix.DefaultConfidence)]
    [InlineData("confusion_conf_0_5", 0.5)]
    public void Confusion_matrix_equals_the_golden(string name, double confidence)
    {
        foreach (Case golden in Cases())
        {
            ConfusionMatrix matrix = new(2, confidence);
            matrix.Add(golden.LabelBoxes, golden.LabelClasses, golden.Detections);
            Assert.Equal(golden.Json.GetProperty(name).FlatFloats().Select(v => (long)v), matrix.ToArray().Cast<long>());
        }
    }

    [Fact]
    public void Without_labels_every_detection_was_taken_from_the_background()
    {
        ConfusionMatrix matrix = new(2);
        matrix.Add([], [], EvaluationGoldens.DetectionsOf([0, 0, 10, 10], [0.9f], [0]));
        Assert.Equal([0, 0, 1, 0, 0, 0, 0, 0, 0], matrix.ToArray().Cast<long>());
    }

    [Fact]
    public void Without_detections_every_label_was_missed()
    {
        ConfusionMatrix matrix = new(2);
        matrix.Add([0, 0, 10, 10, 0, 0, 5, 5, 3, 3, 9, 9], [0, 1, 1], Detections.Empty);
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 2, 0], matrix.ToArray().Cast<long>());
        Assert.Equal(1.0, matrix.Normalized()[2, 1], 1e-6);
    }

    [Fact]
    public void A_detection_at_exactly_the_threshold_is_right()
    {
        // Half of the label, so the overlap is 0.5 up to the 1e-7 that both the union and the reference carry: 50 / (100 + 1e-7) is
        // 0.5 in float32.
        ushort[] correct = DetectionMatcher.Match(
            [0, 0, 10, 10], [0], EvaluationGoldens.DetectionsOf([0, 0, 10, 5], [0.9f], [0]));
        Assert.Equal([1], correct.Select(bits => (int)bits));
    }

    [Fact]
    public void The_more_confident_of_two_detections_gets_the_label()
    {
        Detections two = EvaluationGoldens.DetectionsOf([0, 0, 10, 9, 0, 0, 10, 10], [0.9f, 0.8f], [0, 0]);
        ushort[] correct = DetectionMatcher.Match([0, 0, 10, 10], [0], two);
        // The first reaches 0.9 and takes the label up to there; only at 0.95 is it the second's.
        Assert.Equal([0b01_1111_1111, 0b10_0000_0000], correct.Select(bits => (int)bits));
    }

    [Fact]
    public void A_detection_of_another_class_is_wrong()
    {
        Assert.Equal([0], DetectionMatcher.Match(
            [0, 0, 10, 10], [1], EvaluationGoldens.DetectionsOf([0, 0, 10, 10], [0.9f], [0])).Select(bits => (int)bits));
    }

    private static IEnumerable<Case> Cases()
    {
        using JsonDocument golden = Shared.Json(EvaluationGoldens.Folder + "matching.json");
        foreach (JsonElement json in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            yield return new Case(
                json, json.GetProperty("gt_boxes").FlatFloats(), json.GetProperty("gt_cls").Ints(),
                EvaluationGoldens.DetectionsOf(
                    json.GetProperty("pred_boxes").FlatFloats(), json.GetProperty("pred_conf").Floats(),
                    json.GetProperty("pred_cls").Ints()));
        }
    }

    private sealed record Case(JsonElement Json, float[] LabelBoxes, int[] LabelClasses, Detections Detections);
}
