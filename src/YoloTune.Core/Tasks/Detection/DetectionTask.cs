using YoloTune.Evaluation;
using YoloTune.Networks;
using YoloTune.Networks.Heads;
using YoloTune.Tasks.Shared;
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
    public override IReadOnlyList<string> MeasureNames { get; } = MeasureColumns.Of(MeasureColumns.Box);

    /// <inheritdoc/>
    public override IReadOnlyList<string> LossNames => DetectionLoss.PartNames;

    /// <inheritdoc/>
    public override bool FineTunesInStages => true;

    /// <inheritdoc/>
    internal override ICriterion CreateCriterion(YoloNetwork network, TrainingOptions options)
    {
        return network.EndToEnd
            ? new EndToEndLoss(Branch(AssignerOptions.OneToMany), Branch(AssignerOptions.OneToOne), options.Epochs)
            : new ClassicLoss(Branch(AssignerOptions.OneToMany));

        DetectionLoss Branch(AssignerOptions assigner) => new(network.RegMax, network.Strides, options.Gains, assigner);
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
