using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.Evaluation;
using YoloTune.Inference;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Pose;

/// <summary>Measures boxes and, apart from them, keypoints: by object keypoint similarity in place of IoU.</summary>
internal sealed class PoseEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options) : ITaskEvaluator
{
    private readonly MetricsAccumulator boxes = new(classNames, options);
    private readonly PrecisionAccumulator poses = new(classNames);
    private readonly NmsOptions suppression = options.ToNmsOptions();

    /// <inheritdoc/>
    public int Images => boxes.Images;

    /// <inheritdoc/>
    public IReadOnlyList<ImageResult> Add(ImageBatch batch, IInference inference, InferenceOutput output)
    {
        Detections[] found = BoxPostprocessor.Select(inference, output.Predictions, suppression);
        if (options.SingleClass) found = [.. found.Select(detections => detections.WithSingleClass())];
        BatchLabels labels = new(batch, options.SingleClass);
        labels.CheckClasses(options.SingleClass ? 1 : inference.ClassCount, batch);
        LabelledPoints points = new(batch);
        for (int i = 0; i < found.Length; i++)
        {
            boxes.Add(labels.Boxes(i), labels.Classes(i), found[i]);
            float[] similarities = Similarities(points, labels.Boxes(i), labels.First(i), found[i]);
            poses.Add(DetectionMatcher.MatchOverlaps(similarities, labels.Classes(i), found[i]), labels.Classes(i), found[i]);
        }
        return found;
    }

    /// <inheritdoc/>
    public YoloMetrics ToMetrics(EvaluationSpeed? speed, IReadOnlyDictionary<string, double>? losses) =>
        Join(boxes.ToMetrics(speed, losses), poses);

    /// <summary>The metrics of boxes with those of keypoints beside them.</summary>
    internal static YoloMetrics Join(YoloMetrics metrics, PrecisionAccumulator poses)
    {
        if (poses.ToSet() is not { } pose) return metrics;
        Dictionary<string, double> measures = new(metrics.Measures.Concat(pose.Measures(MeasureColumns.Pose)));
        return metrics with { Pose = pose, Measures = measures, Fitness = MeasureColumns.Fitness(measures) };
    }

    /// <summary>The similarity of each label with each detection: [labels * detections].</summary>
    /// <param name="points">The labelled points.</param>
    /// <param name="labelBoxes">x1, y1, x2, y2 of the image's labels.</param>
    /// <param name="first">The number of the image's first label in the batch.</param>
    /// <param name="found">The detections.</param>
    internal static float[] Similarities(LabelledPoints points, ReadOnlySpan<float> labelBoxes, int first, Detections found)
    {
        int dimensions = (found.Columns - Detections.FixedColumns) / Math.Max(points.Keypoints, 1);
        float[] sigmas = KeypointConstants.Sigmas(points.Keypoints, dimensions);
        float[] table = new float[labelBoxes.Length / 4 * found.Count];
        for (int l = 0; l < labelBoxes.Length / 4; l++)
        {
            ReadOnlySpan<float> box = labelBoxes.Slice(4 * l, 4);
            float area = (box[2] - box[0]) * (box[3] - box[1]) * KeypointSimilarity.AreaOfBox;
            for (int d = 0; d < found.Count; d++)
            {
                table[(l * found.Count) + d] = KeypointSimilarity.Compute(
                    points.Of(first + l), found.Row(d)[Detections.FixedColumns..], dimensions, area, sigmas);
            }
        }
        return table;
    }
}
