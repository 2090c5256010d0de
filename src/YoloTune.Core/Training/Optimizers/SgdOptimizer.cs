using TorchSharp;

namespace YoloTune.Training.Optimizers;

/// <summary>Stochastic gradient descent with Nesterov momentum in PyTorch's form; decay is added to the gradient.</summary>
internal sealed class SgdOptimizer(IReadOnlyList<ParameterGroup> groups) : ParameterOptimizer(OptimizerKind.SGD, groups)
{
    /// <summary>
    /// g += decay * p; b = momentum * b + g; p -= lr * (g + momentum * b). A buffer of zeros gives PyTorch's first step, b = g.
    /// </summary>
    internal static void NesterovStep(
        torch.Tensor value, torch.Tensor gradient, torch.Tensor buffer, double learningRate, double momentum, double weightDecay)
    {
        if (weightDecay != 0) gradient.add_(value, weightDecay);
        buffer.mul_(momentum).add_(gradient);
        value.add_(gradient, -learningRate).add_(buffer, -learningRate * momentum);
    }

    private protected override void Update(
        ParameterGroup group, torch.Tensor value, torch.Tensor gradient, ParameterState state, double learningRate) =>
        NesterovStep(value, gradient, state.Tensor("momentum", value), learningRate, group.Momentum, group.WeightDecay);
}
