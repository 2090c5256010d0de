using TorchSharp;
using YoloTune.Data;
using YoloTune.Networks.Heads;

namespace YoloTune.Evaluation;

/// <summary>Computes the loss of a batch from the raw outputs of the network.</summary>
/// <param name="output">The outputs, on the network's device.</param>
/// <param name="batch">The batch, as its source gave it.</param>
/// <returns>The loss items, [items]; the caller frees it.</returns>
internal delegate torch.Tensor BatchLoss(NetworkOutput output, ImageBatch batch);
