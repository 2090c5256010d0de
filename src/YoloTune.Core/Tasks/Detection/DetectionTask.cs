using YoloTune.Networks;
using YoloTune.Networks.Heads;

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
    public override IReadOnlyList<string> OtherReferenceClasses => ["YOLOv10DetectionModel"];

    internal override IReadOnlyDictionary<string, HeadRule> Heads { get; } = new Dictionary<string, HeadRule>(StringComparer.Ordinal)
    {
        ["Detect"] = new(HeadRow(1, 1), (plan, _, blocks) => new Detect(SettingsOf(plan, blocks))),
        ["v10Detect"] = new(HeadRow(1, 1), (plan, _, blocks) => new V10Detect(SettingsOf(plan, blocks)))
        {
            RegMax = Yolov10Bins, AlwaysEndToEnd = true,
        },
    };
}
