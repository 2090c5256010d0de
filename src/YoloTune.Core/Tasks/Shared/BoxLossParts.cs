using TorchSharp;
using YoloTune.Training;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// The parts of a loss that every task with boxes has, after their gains, and what they were computed from. A task adds parts of its own
/// for
/// the same foreground. The tensors belong to the dispose scope of the caller.
/// </summary>
/// <param name="Box">Overlap of the boxes: a scalar.</param>
/// <param name="Class">Classification: a scalar.</param>
/// <param name="Distribution">Distribution focal loss or distances: a scalar.</param>
/// <param name="Found">The foreground.</param>
/// <param name="Truth">The labelled boxes.</param>
/// <param name="Points">The anchor points; they belong to the loss.</param>
internal readonly record struct BoxLossParts(
    torch.Tensor Box, torch.Tensor Class, torch.Tensor Distribution, Assignment Found, GroundTruth Truth, AnchorGrid Points)
{
    /// <summary>A part that nothing adds to.</summary>
    public torch.Tensor Zero => torch.zeros([], dtype: torch.float32, device: Class.device);

    /// <summary>The parts in the order of their names as the loss of a batch; the tensors go to the scope outside the caller's.</summary>
    public static LossValues Sum(IReadOnlyList<torch.Tensor> parts, long images)
    {
        torch.Tensor total = parts[0];
        for (int part = 1; part < parts.Count; part++) total = total + parts[part];
        torch.Tensor items = torch.stack([.. parts.Select(part => part.detach())]);
        return new((total * images).MoveToOuterDisposeScope(), items.MoveToOuterDisposeScope());
    }
}
