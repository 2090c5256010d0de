using TorchSharp;

namespace YoloTune.Networks.Heads;

/// <summary>The last layer of a network: it knows which of its tensors depend on the classes.</summary>
internal interface IHead
{
    /// <summary>The modules whose weights and biases have one row per class.</summary>
    IReadOnlyList<torch.nn.Module> ClassRows { get; }

    /// <summary>The modules of the class branch, hidden layers included, whose width may follow the class count.</summary>
    IReadOnlyList<torch.nn.Module> ClassBranches { get; }

    /// <summary>The modules whose weights are constants: they never train.</summary>
    IReadOnlyList<torch.nn.Module> Constants { get; }

    /// <summary>How many points, or the like, the head predicts for an object; null where that is always the same.</summary>
    HeadShape? Shape => null;

    /// <summary>The modules whose widths follow <see cref="Shape"/>.</summary>
    IReadOnlyList<torch.nn.Module> ShapedBranches => [];
}
