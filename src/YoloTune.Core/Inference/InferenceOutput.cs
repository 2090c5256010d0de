using TorchSharp;
using YoloTune.Networks.Heads;

namespace YoloTune.Inference;

/// <summary>What a model gives for a batch of images.</summary>
/// <param name="Predictions">The predictions, decoded, as <see cref="IInference.Layout"/> says.</param>
/// <param name="Raw">The output before decoding, to compute a loss of; null where a file is run.</param>
/// <param name="Prototypes">Prototype masks [N, masks, H, W]; null for a task without them.</param>
internal sealed record InferenceOutput(torch.Tensor Predictions, NetworkOutput? Raw = null, torch.Tensor? Prototypes = null);
