using TorchSharp;

namespace YoloTune.Training;

/// <summary>What a loss gives for a batch. The caller disposes the tensors, or its dispose scope does.</summary>
/// <param name="Total">The scalar to back-propagate: the sum of the parts times the number of images.</param>
/// <param name="Items">
/// The parts to report, after their gains, not multiplied by the images: [parts], no gradient, in the order of the criterion's names.
/// </param>
internal readonly record struct LossValues(torch.Tensor Total, torch.Tensor Items);
