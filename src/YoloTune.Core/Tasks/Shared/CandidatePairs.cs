using TorchSharp;

namespace YoloTune.Tasks.Shared;

/// <summary>The pairs of a labelled box and an anchor point inside it; P is their number, and the boxes are ascending.</summary>
/// <param name="Image">[P], int64.</param>
/// <param name="Anchor">[P], int64.</param>
/// <param name="Owner">The box: [P], int64.</param>
/// <param name="Cell">The anchor, counted over all images: [P], int64.</param>
/// <param name="Overlap">How well the anchor's prediction covers the box, 0-1: [P], float32.</param>
internal readonly record struct CandidatePairs(
    torch.Tensor Image, torch.Tensor Anchor, torch.Tensor Owner, torch.Tensor Cell, torch.Tensor Overlap);
