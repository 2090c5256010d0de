using YoloTune.Evaluation;
using YoloTune.Networks;
using YoloTune.Networks.Heads;
using YoloTune.Training;

namespace YoloTune.Tasks.Detection;

/// <summary>Objects with classes and axis-parallel boxes.</summary>
public sealed class DetectionTask : YoloTask
{
    private const int Yolov10Bins = 16;

    /// <inheritdoc/>
    public override string Name => "Detect";

    /// <inheritdoc/>
    public override string ReferenceClass => "DetectionModel";

    /// <inheritdoc/>
    public override IReadOnlyList<string> OtherReferenceClasses { get; } = (string[])["YOLOv10DetectionModel"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> MeasureNames { get; } =
        (string[])["metrics/precision(B)", "metrics/recall(B)", "metrics/mAP50(B)", "metrics/mAP50-95(B)"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> LossNames => DetectionLoss.PartNames;

    /// <inheritdoc/>
    public override string FitnessName => "mAP50-95";

    /// <inheritdoc/>
    internal override ICriterion CreateCriterion(YoloNetwork network, TrainingOptions options) => network.EndToEnd
        ? new EndToEndLoss(network.RegMax, network.Strides, options.Epochs, options.Gains)
        : new DetectionLoss(network.RegMax, network.Strides, options.Gains);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> MeasuresOf(YoloMetrics metrics)
    {
        double?[] values = [metrics.Precision, metrics.Recall, metrics.MAP50, metrics.MAP];
        return MeasureNames.Zip(values).Where(entry => entry.Second is not null).ToDictionary(entry => entry.First, entry => entry.Second!.Value);
    }

    internal override ITaskEvaluator CreateEvaluator(IReadOnlyList<string> classNames, EvaluationOptions options) =>
        new DetectionEvaluator(classNames, options);

    internal override IReadOnlyDictionary<string, HeadRule> Heads { get; } = new Dictionary<string, HeadRule>(StringComparer.Ordinal)
    {
        ["Detect"] = new(HeadRow(1, 1), (plan, _, blocks) => new Detect(SettingsOf(plan, blocks))),
        ["v10Detect"] = new(HeadRow(1, 1), (plan, _, blocks) => new V10Detect(SettingsOf(plan, blocks)))
        {
            RegMax = Yolov10Bins, AlwaysEndToEnd = true,
        },
    };
}
