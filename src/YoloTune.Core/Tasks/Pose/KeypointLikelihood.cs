using TorchSharp;
using YoloTune.Networks.Heads;
using static TorchSharp.torch.nn;

namespace YoloTune.Tasks.Pose;

/// <summary>
/// Residual log-likelihood estimation (Li et al. 2021): the head says how sure it is of each coordinate, and a flow learns how errors,
/// divided by that, are distributed.
/// </summary>
/// <param name="flow">The flow; it belongs to the network.</param>
/// <param name="weights">The weight of each point: [K].</param>
internal sealed class KeypointLikelihood(RealNVP flow, float[] weights) : IDisposable
{
    /// <summary>Errors beyond this, in deviations, count as this.</summary>
    private const double LargestError = 100;

    private const double DeviationEpsilon = 1e-9;

    private readonly torch.Tensor weights = torch.tensor(weights).view(-1, 1).DetachFromDisposeScope();

    /// <summary>The mean over the visible points; never below 0, where it gives no gradient. It belongs to the caller's scope.</summary>
    /// <param name="dx">Predicted minus labelled x in cells [K, F].</param>
    /// <param name="dy">Predicted minus labelled y in cells [K, F].</param>
    /// <param name="rawDeviations">The head's values for the deviations of x and y [K, 2, F].</param>
    /// <param name="visible">Which points are labelled [K, F].</param>
    public torch.Tensor Compute(torch.Tensor dx, torch.Tensor dy, torch.Tensor rawDeviations, torch.Tensor visible)
    {
        torch.Tensor deviations = rawDeviations.sigmoid() + DeviationEpsilon;
        torch.Tensor errors = torch.stack([dx, dy], 1) / deviations;
        torch.Tensor counted = (visible & errors.isfinite().all(1)).reshape(-1).nonzero().view(-1);
        if (counted.size(0) == 0) return torch.zeros([], dtype: torch.float32, device: dx.device);

        torch.Tensor error = Counted(errors).clamp(-LargestError, LargestError);
        // The logarithm of a sigmoid, of one expression: it stays finite where the sigmoid itself is 0.
        torch.Tensor log = functional.logsigmoid(Counted(rawDeviations));
        torch.Tensor weight = weights.to(dx.device).expand(-1, dx.size(1)).reshape(-1).index_select(0, counted);
        torch.Tensor density = flow.call(error);
        torch.Tensor perPoint = (log * 2 + Math.Log(2) + error.abs()).sum(1) - density * 2;
        return (perPoint * weight).mean().clamp_min(0);

        torch.Tensor Counted(torch.Tensor values) => values.permute(0, 2, 1).reshape(-1, 2).index_select(0, counted);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => weights.Dispose();
}
