using TorchSharp;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;

namespace YoloTune.Networks;

/// <summary>Builds a head from its layer; the arguments are those of the model description's row.</summary>
internal delegate torch.nn.Module HeadBuilder(ModelPlan plan, LayerArguments arguments, BlockSettings settings);

/// <summary>What a model description may say of a head, and how the head is built.</summary>
/// <param name="Arguments">How many arguments the row has, and how it becomes a layer.</param>
/// <param name="Build">Builds the head.</param>
internal sealed record HeadRule(ModuleRule Arguments, HeadBuilder Build)
{
    /// <summary>Reads the head's class outputs from a state dict; by default as detection-type heads have them.</summary>
    public StoredClassReader ReadClasses { get; init; } = Detect.ReadClasses;

    /// <summary>The argument that is a width and scales with the model; null for none.</summary>
    public int? ScaledArgument { get; init; }

    /// <summary>Whether the description must give <c>kpt_shape</c>.</summary>
    public bool NeedsKeypointShape { get; init; }

    /// <summary>The number of distribution bins that this head always has; null takes the description's <c>reg_max</c>.</summary>
    public int? RegMax { get; init; }

    /// <summary>Whether this head always has the one-to-one branch, whatever the description says.</summary>
    public bool AlwaysEndToEnd { get; init; }
}
