using YoloTune.Data;
using YoloTune.Evaluation;
using YoloTune.Inference;
using YoloTune.Tasks.Shared;

namespace YoloTune.Tasks.Obb;

/// <summary>Measures oriented boxes: as boxes are measured, with probabilistic IoU in place of IoU.</summary>
internal sealed class ObbEvaluator : ITaskEvaluator
{
    /// <summary>
    /// The confidence that a measurement starts from by default: higher than for upright boxes, whose suppression is cheaper.
    /// </summary>
    public const double DefaultConfidence = 0.01;

    private readonly EvaluationOptions options;
    private readonly MetricsAccumulator metrics;
    private readonly NmsOptions suppression;

    /// <summary>An evaluator without images.</summary>
    public ObbEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options)
    {
        bool usual = options.Confidence is NmsOptions.EvaluationConfidence or DefaultConfidence;
        this.options = usual ? options with { Confidence = DefaultConfidence } : options;
        metrics = new(classNames, this.options, usual ? ConfusionMatrix.DefaultConfidence : options.Confidence);
        suppression = this.options.ToNmsOptions();
    }

    /// <inheritdoc/>
    public int Images => metrics.Images;

    /// <inheritdoc/>
    public IReadOnlyList<ImageResult> Add(ImageBatch batch, IInference inference, InferenceOutput output)
    {
        Detections[] found = RotatedPostprocessor.Select(inference, output.Predictions, suppression);
        if (options.SingleClass) found = [.. found.Select(detections => detections.WithSingleClass())];
        BatchLabels labels = new(batch, options.SingleClass);
        labels.CheckClasses(options.SingleClass ? 1 : inference.ClassCount, batch);
        LabelledBoxes boxes = new(batch);
        for (int i = 0; i < found.Length; i++)
        {
            ReadOnlySpan<int> classes = labels.Classes(i);
            OrientedBox[] own = new OrientedBox[classes.Length];
            for (int l = 0; l < own.Length; l++) own[l] = boxes[labels.First(i) + l];
            metrics.AddOverlaps(Overlaps(own, found[i]), classes, found[i]);
        }
        return found;
    }

    /// <inheritdoc/>
    public YoloMetrics ToMetrics(EvaluationSpeed? speed, IReadOnlyDictionary<string, double>? losses) => metrics.ToMetrics(speed, losses);

    /// <summary>The overlap of each label with each detection: [labels * detections].</summary>
    internal static float[] Overlaps(IReadOnlyList<OrientedBox> labels, Detections found)
    {
        float[] table = new float[labels.Count * found.Count];
        GaussianBox[] predicted = new GaussianBox[found.Count];
        for (int d = 0; d < predicted.Length; d++) predicted[d] = Gaussian(RotatedPostprocessor.Box(found, d));
        for (int l = 0; l < labels.Count; l++)
        {
            GaussianBox label = Gaussian(labels[l]);
            for (int d = 0; d < predicted.Length; d++)
                table[(l * predicted.Length) + d] = ProbabilisticIoU.Compute(label, predicted[d]);
        }
        return table;
    }

    private static GaussianBox Gaussian(OrientedBox box) => new(box.X, box.Y, box.Width, box.Height, box.Angle);
}
