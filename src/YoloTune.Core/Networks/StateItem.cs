using TorchSharp;

namespace YoloTune.Networks;

/// <summary>One entry of a network's state dict.</summary>
/// <param name="Name">The reference's name, such as <c>model.23.cv3.0.2.weight</c>.</param>
/// <param name="Tensor">The tensor itself, not a copy; it belongs to the network.</param>
/// <param name="IsBuffer">Whether it is a buffer: never trained.</param>
/// <param name="Layer">The layer's number.</param>
/// <param name="Module">The module that it is a tensor of.</param>
public sealed record StateItem(string Name, torch.Tensor Tensor, bool IsBuffer, int Layer, torch.nn.Module Module)
{
    /// <summary>Whether the first dimension is one row per class.</summary>
    public bool HasClassRows { get; init; }

    /// <summary>Whether it belongs to the class branch of a head, whose hidden width may follow the class count.</summary>
    public bool IsClassBranch { get; init; }

    /// <summary>Whether it is a constant of the head: never trained, although it is stored as a parameter.</summary>
    public bool IsConstant { get; init; }

    /// <summary>What the head predicts for an object where the width follows that; null elsewhere.</summary>
    public Heads.HeadShape? Shape { get; init; }
}
