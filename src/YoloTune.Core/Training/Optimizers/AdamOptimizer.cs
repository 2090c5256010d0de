using TorchSharp;
using YoloTune.Kernels;

namespace YoloTune.Training.Optimizers;

/// <summary>Adam and, with decoupled decay, AdamW. The first beta is the group's momentum.</summary>
internal sealed class AdamOptimizer(IReadOnlyList<ParameterGroup> groups, bool decoupled)
    : ParameterOptimizer(decoupled ? OptimizerKind.AdamW : OptimizerKind.Adam, groups)
{
    /// <summary>Decay of the mean square of the gradient.</summary>
    internal const double SquareDecay = 0.999;

    /// <summary>Keeps the quotient finite.</summary>
    internal const double Epsilon = 1e-8;

    private readonly List<AdamKernel.Item> pending = [];

    /// <summary>Whether parameters in the processor's memory are moved by <see cref="AdamKernel"/>; off only to compare.</summary>
    internal bool UsesKernel { get; init; } = KernelSwitch.IsOn;

    private protected override void Update(
        ParameterGroup group, torch.Tensor value, torch.Tensor gradient, ParameterState state, double learningRate)
    {
        torch.Tensor mean = state.Tensor("mean", value), square = state.Tensor("square", value);
        double meanBias = 1 - Math.Pow(group.Momentum, state.Steps), squareBias = 1 - Math.Pow(SquareDecay, state.Steps);
        double rate = learningRate / meanBias, kept = decoupled ? 1 - (learningRate * group.WeightDecay) : 1;
        if (UsesKernel && Memory(value, gradient, mean, square) is [DenseMemory p, DenseMemory g, DenseMemory m, DenseMemory s])
        {
            pending.Add(new(p, g, m, s, new(
                (float)kept, decoupled ? 0 : (float)group.WeightDecay, (float)group.Momentum, (float)(1 - group.Momentum),
                (float)SquareDecay,
                (float)(1 - SquareDecay), (float)(1 / Math.Sqrt(squareBias)), (float)Epsilon, (float)rate)));
            return;
        }
        if (kept != 1) value.mul_(kept);
        if (!decoupled && group.WeightDecay != 0) gradient.add_(value, group.WeightDecay);
        mean.mul_(group.Momentum).add_(gradient, 1 - group.Momentum);
        square.mul_(SquareDecay).addcmul_(gradient, gradient, 1 - SquareDecay);
        torch.Tensor scale = square.sqrt().div_(Math.Sqrt(squareBias)).add_(Epsilon);
        value.addcdiv_(mean, scale, -rate);
    }

    private protected override void Finish()
    {
        AdamKernel.Run(pending);
        pending.Clear();
    }

    /// <summary>The memory of tensors whose values lie in the same order; null where there is none.</summary>
    private static List<DenseMemory>? Memory(params ReadOnlySpan<torch.Tensor> tensors)
    {
        List<DenseMemory> all = [];
        foreach (torch.Tensor tensor in tensors)
        {
            if (DenseMemory.Of(tensor) is not DenseMemory memory || !DenseMemory.SameOrder(tensor, tensors[0])) return null;
            all.Add(memory);
        }
        return all;
    }
}
