using YoloTune.Networks;
using YoloTune.Networks.Heads;

namespace YoloTune.Tasks.Obb;

/// <summary>Objects with classes and oriented boxes. Networks are built, imported, transferred and exported.</summary>
public sealed class ObbTask : NetworkTask
{
    /// <inheritdoc/>
    public override string Name => "Obb";

    /// <inheritdoc/>
    public override string ReferenceClass => "OBBModel";

    /// <inheritdoc/>
    public override bool PredictsUprightBoxes => false;

    internal override IReadOnlyDictionary<string, HeadRule> Heads { get; } = new Dictionary<string, HeadRule>(StringComparer.Ordinal)
    {
        ["OBB"] = new(HeadRow(1, 2), (plan, a, blocks) => new OBB(SettingsOf(plan, blocks), a.Int(1, 1), direct: false)),
        ["OBB26"] = new(HeadRow(1, 2), (plan, a, blocks) => new OBB(SettingsOf(plan, blocks), a.Int(1, 1), direct: true)),
    };
}
