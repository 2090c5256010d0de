using TorchSharp;

namespace YoloTune.Training.Optimizers;

/// <summary>RMSprop with momentum in PyTorch's form; decay is added to the gradient.</summary>
internal sealed class RmsPropOptimizer(IReadOnlyList<ParameterGroup> groups) : ParameterOptimizer(OptimizerKind.RMSProp, groups)
{
    private const double SquareDecay = 0.99;

    private protected override void Update(
        ParameterGroup group, torch.Tensor value, torch.Tensor gradient, ParameterState state, double learningRate)
    {
        if (group.WeightDecay != 0) gradient.add_(value, group.WeightDecay);
        torch.Tensor square = state.Tensor("square", value), buffer = state.Tensor("momentum", value);
        square.mul_(SquareDecay).addcmul_(gradient, gradient, 1 - SquareDecay);
        buffer.mul_(group.Momentum).addcdiv_(gradient, square.sqrt().add_(AdamOptimizer.Epsilon));
        value.add_(buffer, -learningRate);
    }
}
