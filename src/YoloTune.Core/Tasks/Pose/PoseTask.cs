using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Tasks.Pose;

/// <summary>Objects with classes, boxes and keypoints. Networks are built, imported, transferred and exported; only their boxes are measured.</summary>
public sealed class PoseTask : NetworkTask
{
    /// <inheritdoc/>
    public override string Name => "Pose";

    /// <inheritdoc/>
    public override string ReferenceClass => "PoseModel";

    internal override IReadOnlyDictionary<string, HeadRule> Heads { get; } = new Dictionary<string, HeadRule>(StringComparer.Ordinal)
    {
        ["Pose"] = new(HeadRow(2, 2), (plan, _, blocks) =>
            new Networks.Heads.Pose(SettingsOf(plan, blocks), ShapeOf(plan).Keypoints, ShapeOf(plan).Dimensions)) { NeedsKeypointShape = true },
        ["Pose26"] = new(HeadRow(2, 2), (plan, _, blocks) =>
            new Networks.Heads.Pose26(SettingsOf(plan, blocks), ShapeOf(plan).Keypoints, ShapeOf(plan).Dimensions)) { NeedsKeypointShape = true },
    };

    private static (int Keypoints, int Dimensions) ShapeOf(ModelPlan plan) => plan.Definition.KeypointShape!.Value;
}
