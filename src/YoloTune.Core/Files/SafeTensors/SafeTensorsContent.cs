using TorchSharp;

namespace YoloTune.Files.SafeTensors;

/// <summary>A safetensors file in memory.</summary>
/// <param name="Tensors">The tensors in the order of the header; the caller disposes them.</param>
/// <param name="Metadata">The entries of <c>__metadata__</c>; empty where there is none.</param>
internal sealed record SafeTensorsContent(IReadOnlyDictionary<string, torch.Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>True for a file with a checksum of the whole file, which has been verified.</summary>
    public bool HasChecksum { get; init; }
}
