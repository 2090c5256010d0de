using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Evaluation;
using YoloTune.Inference;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Detection;

/// <summary>Measures boxes: precision, recall and mean average precision.</summary>
internal sealed class DetectionEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options) : ITaskEvaluator
{
    private readonly MetricsAccumulator metrics = new(classNames, options);
    private readonly NmsOptions suppression = options.ToNmsOptions();

    /// <inheritdoc/>
    public int Images => metrics.Images;

    /// <inheritdoc/>
    public IReadOnlyList<ImageResult> Add(ImageBatch batch, IInference inference, InferenceOutput output)
    {
        Detections[] found = BoxPostprocessor.Select(inference, output.Predictions, suppression);
        if (options.SingleClass) found = [.. found.Select(detections => detections.WithSingleClass())];
        BatchLabels labels = new(batch, options.SingleClass);
        int classes = options.SingleClass ? 1 : inference.ClassCount;
        if (labels.LargestClass >= classes)
        {
            int image = Enumerable.Range(0, found.Length).First(i => labels.Classes(i).ContainsAnyInRange(classes, int.MaxValue));
            throw new DatasetException(
                FormattableString.Invariant(
                    $"a label has class {labels.LargestClass}, but the model has {classes} classes (0 to {classes - 1})."),
                batch.Sources.ElementAtOrDefault(image)?.Path,
                remedy: "Measure the model on a dataset with the classes it was trained for.");
        }
        for (int i = 0; i < found.Length; i++) metrics.Add(labels.Boxes(i), labels.Classes(i), found[i]);
        return found;
    }

    /// <inheritdoc/>
    public YoloMetrics ToMetrics(EvaluationSpeed? speed, IReadOnlyDictionary<string, double>? losses) => metrics.ToMetrics(speed, losses);
}
