using TorchSharp;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// Distribution focal loss: the cross-entropy of a box side's bins with the two bins around the target (Li et al. 2020, eq. 6).
/// </summary>
internal static class DistributionFocalLoss
{
    /// <summary>How far below the last bin a target is cut off, so that its upper neighbour exists.</summary>
    private const double Margin = 0.01;

    /// <summary>The loss of each anchor, the mean of its four sides.</summary>
    /// <param name="logProbabilities">Log-probabilities of the bins [4, R, K].</param>
    /// <param name="target">The true distances in cells [4, K]; values outside the bins are cut off.</param>
    /// <returns>[K].</returns>
    public static torch.Tensor Compute(torch.Tensor logProbabilities, torch.Tensor target)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor distance = target.clamp(0, logProbabilities.size(1) - 1 - Margin).unsqueeze(1);
        torch.Tensor lower = distance.to(torch.int64);
        torch.Tensor upperWeight = distance - lower;
        torch.Tensor log = logProbabilities.gather(1, torch.cat([lower, lower + 1], 1));
        return (log * torch.cat([1 - upperWeight, upperWeight], 1)).sum(1).mean([0L]).neg().MoveToOuterDisposeScope();
    }
}
