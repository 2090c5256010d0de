using TorchSharp;

namespace YoloTune.Files.SafeTensors;

/// <summary>A tensor as the header of a safetensors file describes it; begin and end count bytes from the end of the header.</summary>
internal sealed record SafeTensorsEntry(string Name, torch.ScalarType Type, long[] Shape, long Begin, long End);
