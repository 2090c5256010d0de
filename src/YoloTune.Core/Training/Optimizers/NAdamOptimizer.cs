using TorchSharp;

namespace YoloTune.Training.Optimizers;

/// <summary>Adam with Nesterov momentum in PyTorch's form; decay is added to the gradient.</summary>
internal sealed class NAdamOptimizer(IReadOnlyList<ParameterGroup> groups) : ParameterOptimizer(OptimizerKind.NAdam, groups)
{
    private const double MomentumDecay = 4e-3;
    private const string Product = "momentum_product";

    private protected override void Update(
        ParameterGroup group, torch.Tensor value, torch.Tensor gradient, ParameterState state, double learningRate)
    {
        if (group.WeightDecay != 0) gradient.add_(value, group.WeightDecay);
        torch.Tensor mean = state.Tensor("mean", value), square = state.Tensor("square", value);
        double now = Momentum(group, state.Steps), next = Momentum(group, state.Steps + 1);
        double product = state.Numbers.GetValueOrDefault(Product, 1) * now;
        state.Numbers[Product] = product;
        mean.mul_(group.Momentum).add_(gradient, 1 - group.Momentum);
        square.mul_(AdamOptimizer.SquareDecay).addcmul_(gradient, gradient, 1 - AdamOptimizer.SquareDecay);
        torch.Tensor scale = square.div(1 - Math.Pow(AdamOptimizer.SquareDecay, state.Steps)).sqrt_().add_(AdamOptimizer.Epsilon);
        value.addcdiv_(gradient, scale, -learningRate * (1 - now) / (1 - product));
        value.addcdiv_(mean, scale, -learningRate * next / (1 - (product * next)));
    }

    private static double Momentum(ParameterGroup group, long step) =>
        group.Momentum * (1 - (0.5 * Math.Pow(0.96, step * MomentumDecay)));
}
