using TorchSharp;

namespace YoloTune.Files.Ultralytics;

/// <summary>A named tensor of a checkpoint.</summary>
/// <param name="Name">The state-dict name, "model.0.conv.weight".</param>
/// <param name="Tensor">The values in their stored type, contiguous, on the CPU.</param>
/// <param name="IsBuffer">True for a buffer; false for a parameter and where the file does not say.</param>
public sealed record CheckpointItem(string Name, torch.Tensor Tensor, bool IsBuffer = false);
