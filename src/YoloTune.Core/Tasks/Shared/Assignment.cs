using TorchSharp;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// The foreground of a batch: which anchor of which image stands for which labelled box. K is the number of such anchors; every anchor not
/// listed is background. No anchor is listed twice.
/// </summary>
/// <param name="Image">[K], int64.</param>
/// <param name="Anchor">[K], int64.</param>
/// <param name="Truth">The box's index in <see cref="GroundTruth"/>: [K], int64.</param>
/// <param name="Score">The soft label of the box's class at the anchor: [K], float32.</param>
internal readonly record struct Assignment(torch.Tensor Image, torch.Tensor Anchor, torch.Tensor Truth, torch.Tensor Score)
{
    /// <summary>The number of foreground anchors.</summary>
    public long Count => Image.size(0);

    /// <summary>Moves the tensors to the outer dispose scope and returns the assignment.</summary>
    internal Assignment MoveToOuterDisposeScope()
    {
        foreach (torch.Tensor tensor in (torch.Tensor[])[Image, Anchor, Truth, Score]) tensor.MoveToOuterDisposeScope();
        return this;
    }
}
