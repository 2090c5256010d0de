using TorchSharp;

namespace YoloTune.Networks;

/// <summary>One entry of a network's state dict.</summary>
/// <param name="Name">The reference's name, such as <c>model.23.cv3.0.2.weight</c>.</param>
/// <param name="Tensor">The tensor itself, not a copy; it belongs to the network.</param>
/// <param name="IsBuffer">Whether it is a buffer: never trained.</param>
/// <param name="Layer">The layer's number.</param>
public sealed record StateItem(string Name, torch.Tensor Tensor, bool IsBuffer, int Layer);
