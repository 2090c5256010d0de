using YoloTune.Networks;
using YoloTune.Networks.Heads;

namespace YoloTune.Tasks.Segmentation;

/// <summary>Objects with classes, boxes and masks. Networks are built, imported, transferred and exported; only their boxes are measured.</summary>
public sealed class SegmentationTask : NetworkTask
{
    private const int Masks = 32, PrototypeWidth = 256, PrototypeArgument = 2;

    /// <inheritdoc/>
    public override string Name => "Segment";

    /// <inheritdoc/>
    public override string ReferenceClass => "SegmentationModel";

    internal override IReadOnlyDictionary<string, HeadRule> Heads { get; } = new Dictionary<string, HeadRule>(StringComparer.Ordinal)
    {
        ["Segment"] = Rule(refined: false),
        ["Segment26"] = Rule(refined: true),
    };

    private static HeadRule Rule(bool refined) => new(HeadRow(1, 3), (plan, a, blocks) => new Segment(
        SettingsOf(plan, blocks), a.Int(1, Masks), a.Int(PrototypeArgument, PrototypeWidth), refined))
    {
        ScaledArgument = PrototypeArgument,
    };
}
