using TorchSharp;
using YoloTune.Data;
using YoloTune.Evaluation;
using YoloTune.Images;
using YoloTune.Inference;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Segmentation;

/// <summary>Measures boxes and masks: the same detections are judged by both overlaps.</summary>
internal sealed class SegmentationEvaluator(
    IReadOnlyList<string> classNames, EvaluationOptions options, ITaskEvaluator boxes) : ITaskEvaluator
{
    private readonly PrecisionAccumulator masks = new(classNames);

    /// <inheritdoc/>
    public int Images => boxes.Images;

    /// <inheritdoc/>
    public IReadOnlyList<ImageResult> Add(ImageBatch batch, IInference inference, InferenceOutput output)
    {
        IReadOnlyList<ImageResult> found = boxes.Add(batch, inference, output);
        torch.Tensor prototypes = SegmentationPredictor.PrototypesOf(output);
        int rows = (int)prototypes.shape[2], columns = (int)prototypes.shape[3];
        BatchLabels labels = new(batch, options.SingleClass);
        LabelMasks truth = new(batch.Targets, rows, columns);
        SegmentationDetections[] results = new SegmentationDetections[found.Count];
        int first = 0;
        for (int i = 0; i < results.Length; i++)
        {
            Detections detections = (Detections)found[i];
            ReadOnlySpan<int> classes = labels.Classes(i);
            MaskPatch[] predicted = Masks(detections, prototypes[i], (int)batch.Images.shape[2], (int)batch.Images.shape[3]);
            float[] overlaps = truth.Overlaps(i, first, classes.Length, predicted);
            masks.Add(DetectionMatcher.MatchOverlaps(overlaps, classes, detections), classes, detections);
            results[i] = new(detections, predicted, rows, columns);
            first += classes.Length;
        }
        return results;
    }

    /// <inheritdoc/>
    public YoloMetrics ToMetrics(EvaluationSpeed? speed, IReadOnlyDictionary<string, double>? losses)
    {
        YoloMetrics metrics = boxes.ToMetrics(speed, losses);
        if (masks.ToSet() is not { } set) return metrics;
        Dictionary<string, double> measures = new(metrics.Measures.Concat(set.Measures(MeasureColumns.Mask)));
        return metrics with { Mask = set, Measures = measures, Fitness = MeasureColumns.Fitness(measures) };
    }

    private static MaskPatch[] Masks(Detections detections, torch.Tensor prototypes, int height, int width)
    {
        MaskPatch[] found = new MaskPatch[detections.Count];
        if (found.Length == 0) return found;
        MaskProjector projector = new(prototypes);
        float scaleX = projector.Width / (float)width, scaleY = projector.Height / (float)height;
        for (int d = 0; d < found.Length; d++)
        {
            ReadOnlySpan<float> box = detections.Box(d);
            found[d] = projector.Low(
                detections.Row(d)[Detections.FixedColumns..],
                [box[0] * scaleX, box[1] * scaleY, box[2] * scaleX, box[3] * scaleY], found.Length);
        }
        return found;
    }
}
