using TorchSharp;
using YoloTune.Networks.Heads;
using static TorchSharp.torch.nn;

namespace YoloTune.Tasks.Shared;

/// <summary>The anchor points of a branch and what its raw box channels mean; both follow the outputs they are given.</summary>
/// <param name="distributionBins">Bins a box side (reg_max); 1 where the head gives the distance itself.</param>
/// <param name="strides">Pixels a cell of each level, finest first.</param>
internal sealed class BranchGeometry(int distributionBins, int[] strides) : IDisposable
{
    private AnchorGrid? grid;
    private torch.Tensor? bins;

    /// <summary>Whether a box side is a distribution over bins.</summary>
    public bool HasDistribution => distributionBins > 1;

    /// <summary>The anchor points of an output.</summary>
    public AnchorGrid GridFor(HeadOutput output)
    {
        torch.Device device = output.Scores.device;
        if (grid is null || !grid.Fits(output.Grids, device))
        {
            grid?.Dispose();
            grid = new(output.Grids, strides, device);
        }
        return grid;
    }

    /// <summary>The expected distance of each side: [N, 4R, A] to [N, 4, A].</summary>
    public torch.Tensor Distances(torch.Tensor boxes)
    {
        if (distributionBins == 1) return boxes;
        using DisposeScope scope = torch.NewDisposeScope();
        bool anchorsFirst = FlatView.AnchorsFirst(boxes);
        List<torch.Tensor> expected = [];
        foreach ((long start, long length) in ImageChunks.Of(boxes))
        {
            using DisposeScope chunk = torch.NewDisposeScope();
            torch.Tensor logits = boxes.narrow(0, start, length);
            torch.Tensor sides = anchorsFirst
                ? torch.matmul(functional.softmax(logits.transpose(1, 2).unflatten(2, 4, distributionBins), 3), Bins(boxes.device))
                    .transpose(1, 2)
                : torch.matmul(Bins(boxes.device), functional.softmax(logits.unflatten(1, 4, distributionBins), 2));
            expected.Add(sides.MoveToOuterDisposeScope());
        }
        return torch.cat(expected).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The distances of the foreground with gradient, and its loss: the distribution focal loss or, where the head gives the distance
    /// itself, the L1 distance relative to the image's size.
    /// </summary>
    /// <param name="raw">Raw box channels of the foreground [4R, K].</param>
    /// <param name="target">The true distances in cells [4, K].</param>
    /// <param name="stride">Pixels a cell at each anchor [K].</param>
    /// <param name="points">The anchor points.</param>
    /// <returns>Distances [4, K] and the loss of each anchor [K]; both belong to the caller's dispose scope.</returns>
    public (torch.Tensor Distances, torch.Tensor PerAnchor) Foreground(
        torch.Tensor raw, torch.Tensor target, torch.Tensor stride, AnchorGrid points)
    {
        if (HasDistribution)
        {
            torch.Tensor logProbabilities = functional.log_softmax(raw.view(4, distributionBins, -1), 1);
            torch.Tensor distances = (logProbabilities.exp() * Bins(raw.device).view(1, -1, 1)).sum(1);
            return (distances, DistributionFocalLoss.Compute(logProbabilities, target));
        }
        torch.Tensor scale = stride / torch.tensor([points.ImageWidth, (float)points.ImageHeight], device: raw.device).view(2, 1);
        return (raw, ((raw - target).abs() * scale.repeat(2, 1)).mean([0L]));
    }

    /// <summary>Frees the anchor points.</summary>
    public void Dispose()
    {
        grid?.Dispose();
        bins?.Dispose();
    }

    private torch.Tensor Bins(torch.Device device)
    {
        if (bins is null || bins.device.type != device.type || bins.device.index != device.index)
        {
            bins?.Dispose();
            bins = torch.arange(distributionBins, dtype: torch.float32, device: device).DetachFromDisposeScope();
        }
        return bins;
    }
}
