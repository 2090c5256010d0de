using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;

namespace YoloTune.Tasks.Classification;

/// <summary>One class for the whole image. Networks are built, imported, transferred and exported.</summary>
public sealed class ClassificationTask : NetworkTask
{
    /// <inheritdoc/>
    public override string Name => "Classify";

    /// <inheritdoc/>
    public override string ReferenceClass => "ClassificationModel";

    /// <inheritdoc/>
    public override int DefaultImageSize => 224;

    /// <inheritdoc/>
    public override int LeastSizeStep => 32;

    /// <inheritdoc/>
    public override bool PredictsObjects => false;

    /// <inheritdoc/>
    public override bool PredictsUprightBoxes => false;

    /// <inheritdoc/>
    public override double NormEpsilon => BlockSettings.TorchNormEpsilon;

    /// <inheritdoc/>
    public override double NormMomentum => BlockSettings.TorchNormMomentum;

    internal override IReadOnlyDictionary<string, HeadRule> Heads { get; } = new Dictionary<string, HeadRule>(StringComparer.Ordinal)
    {
        ["Classify"] = new(new ModuleRule(ModuleGroup.JoiningHead, 1, 5), (_, a, blocks) => new Classify(
            blocks, a.Int(0), a.Int(1), a.Int(2, 1), a.Int(3, 1), a.OptionalInt(4), a.Int(5, 1))),
    };
}
