using Xunit;
using YoloTune.Evaluation;
using YoloTune.Tasks.Detection;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tests.Evaluation;

public sealed class MetricsAccumulatorTests
{
    private static readonly string[] Names = ["cat", "dog"];

    [Fact]
    public void Without_labels_nothing_is_measured_rather_than_zero()
    {
        MetricsAccumulator accumulator = new(Names, new EvaluationOptions());
        accumulator.Add([], [], EvaluationGoldens.DetectionsOf([0, 0, 10, 10], [0.9f], [1]));
        YoloMetrics metrics = accumulator.ToMetrics();
        Assert.Null(metrics.MAP);
        Assert.Null(metrics.Precision);
        Assert.Null(metrics.Fitness);
        Assert.Null(metrics.Curves);
        Assert.Null(metrics.Speed);
        Assert.Empty(metrics.PerClass);
        Assert.Equal((1, 0, 1L), (metrics.ImageCount, metrics.Instances, metrics.DetectionCount));
        Assert.Equal(1, metrics.ConfusionMatrix[1, 2]);
    }

    [Fact]
    public void Without_predictions_the_averages_are_zero()
    {
        MetricsAccumulator accumulator = new(Names, new EvaluationOptions());
        accumulator.Add([0, 0, 10, 10], [0], Detections.Empty);
        YoloMetrics metrics = accumulator.ToMetrics();
        Assert.Equal(0.0, metrics.MAP);
        Assert.Equal(0.0, metrics.Recall);
        Assert.Equal(0.0, metrics.Precision);
    }

    [Fact]
    public void Perfect_detections_reach_the_largest_possible_average()
    {
        MetricsAccumulator accumulator = new(Names, new EvaluationOptions());
        for (int image = 0; image < 3; image++)
        {
            accumulator.Add(
                [0, 0, 10, 10, 20, 20, 40, 40], [0, 0],
                EvaluationGoldens.DetectionsOf([0, 0, 10, 10, 20, 20, 40, 40], [0.9f, 0.8f], [0, 0]));
        }
        YoloMetrics metrics = accumulator.ToMetrics();
        // 101-point interpolation with the closing point (1, 0) gives 0.995, not 1.
        Assert.Equal(0.995, metrics.MAP!.Value, 1e-12);
        Assert.Equal(new ClassMetrics(0, "cat", 3, 6, 1, 1, 0.995, 0.995), Rounded(Assert.Single(metrics.PerClass)));
    }

    [Fact]
    public void Images_count_once_for_a_class_however_many_labels_they_have()
    {
        MetricsAccumulator accumulator = new(Names, new EvaluationOptions());
        accumulator.Add([0, 0, 9, 9, 0, 0, 8, 8, 1, 1, 5, 5], [1, 0, 1], Detections.Empty);
        accumulator.Add([0, 0, 9, 9], [1], Detections.Empty);
        Assert.Equal([(0, 1, 1), (1, 2, 3)], accumulator.ToMetrics().PerClass.Select(c => (c.ClassId, c.Images, c.Instances)));
    }

    [Fact]
    public void A_label_class_the_model_lacks_is_refused()
    {
        MetricsAccumulator accumulator = new(Names, new EvaluationOptions());
        Assert.Throws<ArgumentException>(() => accumulator.Add([0, 0, 9, 9], [2], Detections.Empty));
    }

    [Fact]
    public void The_confusion_matrix_starts_higher_than_the_evaluation_unless_the_user_chose_a_confidence()
    {
        Assert.Equal(0.25, new MetricsAccumulator(Names, new EvaluationOptions()).ToMetrics().ConfusionMatrix.Confidence);
        Assert.Equal(0.1, new MetricsAccumulator(Names, new EvaluationOptions { Confidence = 0.1 }).ToMetrics().ConfusionMatrix.Confidence);
    }

    private static ClassMetrics Rounded(ClassMetrics row) => row with { AP50 = Math.Round(row.AP50, 12), AP = Math.Round(row.AP, 12) };
}
