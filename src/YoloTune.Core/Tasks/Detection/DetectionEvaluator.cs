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
        labels.CheckClasses(options.SingleClass ? 1 : inference.ClassCount, batch);
        for (int i = 0; i < found.Length; i++) metrics.Add(labels.Boxes(i), labels.Classes(i), found[i]);
        return found;
    }

    /// <inheritdoc/>
    public YoloMetrics ToMetrics(EvaluationSpeed? speed, IReadOnlyDictionary<string, double>? losses) => metrics.ToMetrics(speed, losses);
}
