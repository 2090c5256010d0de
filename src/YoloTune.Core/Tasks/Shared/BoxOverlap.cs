using TorchSharp;

namespace YoloTune.Tasks.Shared;

/// <summary>Overlap of boxes, element by element, differentiable.</summary>
internal static class BoxOverlap
{
    /// <summary>Keeps quotients finite; added to the union, to the enclosing box and to heights.</summary>
    public const double Epsilon = 1e-7;

    /// <summary>
    /// The overlap of each pair of boxes, in the shape of the planes. For <see cref="OverlapKind.Complete"/> the weight of the aspect term
    /// is a constant of the gradient, as in the paper (Zheng et al. 2020, "Distance-IoU Loss", section 3).
    /// </summary>
    /// <param name="first">The one side of the pairs.</param>
    /// <param name="second">The other side.</param>
    /// <param name="kind">The measure.</param>
    /// <param name="heightEpsilon">
    /// Added to both heights. Boxes given by corners take <see cref="Epsilon"/>, boxes given by centre and size take 0: the models were
    /// trained that way.
    /// </param>
    public static torch.Tensor Compute(in BoxPlanes first, in BoxPlanes second, OverlapKind kind, double heightEpsilon = Epsilon)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor width1 = first.Right - first.Left, height1 = first.Bottom - first.Top;
        torch.Tensor width2 = second.Right - second.Left, height2 = second.Bottom - second.Top;
        if (heightEpsilon != 0)
        {
            height1 += heightEpsilon;
            height2 += heightEpsilon;
        }
        torch.Tensor intersection =
            (torch.minimum(first.Right, second.Right) - torch.maximum(first.Left, second.Left)).clamp_min(0)
            * (torch.minimum(first.Bottom, second.Bottom) - torch.maximum(first.Top, second.Top)).clamp_min(0);
        torch.Tensor union = width1 * height1 + width2 * height2 - intersection + Epsilon;
        torch.Tensor iou = intersection / union;
        if (kind == OverlapKind.IoU) return iou.MoveToOuterDisposeScope();

        torch.Tensor enclosingWidth = torch.maximum(first.Right, second.Right) - torch.minimum(first.Left, second.Left);
        torch.Tensor enclosingHeight = torch.maximum(first.Bottom, second.Bottom) - torch.minimum(first.Top, second.Top);
        if (kind == OverlapKind.Generalized)
        {
            torch.Tensor area = enclosingWidth * enclosingHeight + Epsilon;
            return (iou - (area - union) / area).MoveToOuterDisposeScope();
        }

        torch.Tensor diagonal = enclosingWidth.square() + enclosingHeight.square() + Epsilon;
        torch.Tensor distance = ((second.Left + second.Right - first.Left - first.Right).square()
            + (second.Top + second.Bottom - first.Top - first.Bottom).square()) / 4;
        torch.Tensor penalty = distance / diagonal;
        if (kind == OverlapKind.Distance) return (iou - penalty).MoveToOuterDisposeScope();

        torch.Tensor aspect = ((width2 / height2).atan() - (width1 / height1).atan()).square() * (4 / (Math.PI * Math.PI));
        torch.Tensor weight = aspect.detach() / (aspect.detach() - iou.detach() + (1 + Epsilon));
        return (iou - (penalty + aspect * weight)).MoveToOuterDisposeScope();
    }
}
