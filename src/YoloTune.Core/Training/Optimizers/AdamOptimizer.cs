using TorchSharp;

namespace YoloTune.Training.Optimizers;

/// <summary>Adam and, with decoupled decay, AdamW. The first beta is the group's momentum.</summary>
internal sealed class AdamOptimizer(IReadOnlyList<ParameterGroup> groups, bool decoupled)
    : ParameterOptimizer(decoupled ? OptimizerKind.AdamW : OptimizerKind.Adam, groups)
{
    /// <summary>Decay of the mean square of the gradient.</summary>
    internal const double SquareDecay = 0.999;

    /// <summary>Keeps the quotient finite.</summary>
    internal const double Epsilon = 1e-8;

    private protected override void Update(
        ParameterGroup group, torch.Tensor value, torch.Tensor gradient, ParameterState state, double learningRate)
    {
        if (group.WeightDecay != 0)
        {
            if (decoupled) value.mul_(1 - (learningRate * group.WeightDecay));
            else gradient.add_(value, group.WeightDecay);
        }
        torch.Tensor mean = state.Tensor("mean", value), square = state.Tensor("square", value);
        mean.mul_(group.Momentum).add_(gradient, 1 - group.Momentum);
        square.mul_(SquareDecay).addcmul_(gradient, gradient, 1 - SquareDecay);
        double meanBias = 1 - Math.Pow(group.Momentum, state.Steps), squareBias = 1 - Math.Pow(SquareDecay, state.Steps);
        torch.Tensor scale = square.sqrt().div_(Math.Sqrt(squareBias)).add_(Epsilon);
        value.addcdiv_(mean, scale, -learningRate / meanBias);
    }
}
