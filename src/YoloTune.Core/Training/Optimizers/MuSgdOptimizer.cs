using TorchSharp;

namespace YoloTune.Training.Optimizers;

/// <summary>
/// Nesterov SGD; weights of two and more dimensions first take an orthogonalised momentum step (Jordan 2024, "Muon"), the same hybrid as
/// the reference's.
/// </summary>
internal sealed class MuSgdOptimizer(IReadOnlyList<ParameterGroup> groups) : ParameterOptimizer(OptimizerKind.MuSGD, groups)
{
    /// <summary>Fraction of the learning rate that the orthogonalised step takes.</summary>
    private const double MuonShare = 0.2;

    private const int Iterations = 5;

    // The quintic of the Newton-Schulz iteration (Jordan 2024): steep at zero, so that small singular values rise fast.
    private const double Linear = 3.4445, Cubic = -4.7750, Quintic = 2.0315;

    /// <summary>
    /// Brings the singular values of a matrix [rows, columns] near 1 by five Newton-Schulz iterations in bfloat16.
    /// </summary>
    internal static torch.Tensor Orthogonalize(torch.Tensor matrix, torch.ScalarType precision = torch.ScalarType.BFloat16)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        bool tall = matrix.shape[0] > matrix.shape[1];
        torch.Tensor x = (matrix / (matrix.norm() + 1e-7)).to(precision);
        if (tall) x = x.t();
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            torch.Tensor square = x.mm(x.t());
            torch.Tensor polynomial = (square * Cubic) + (square.mm(square) * Quintic);
            x = (x * Linear) + polynomial.mm(x);
        }
        return (tall ? x.t() : x).to(matrix.dtype).MoveToOuterDisposeScope();
    }

    private protected override bool IsElementwise(ParameterGroup group) => group.Kind != ParameterGroupKind.Muon;

    private protected override void Update(
        ParameterGroup group, torch.Tensor value, torch.Tensor gradient, ParameterState state, double learningRate)
    {
        if (group.Kind == ParameterGroupKind.Muon)
        {
            torch.Tensor momentum = state.Tensor("muon", value);
            momentum.mul_(group.Momentum).add_(gradient, 1 - group.Momentum);
            torch.Tensor step = (gradient * (1 - group.Momentum)).add_(momentum, group.Momentum);
            long[] shape = value.shape;
            double stretch = Math.Sqrt(Math.Max(1, shape[^2] / (double)shape[^1]));
            torch.Tensor orthogonal = Orthogonalize(step.reshape(shape[0], -1)).reshape(shape);
            value.add_(orthogonal, -MuonShare * learningRate * stretch);
        }
        SgdOptimizer.NesterovStep(
            value, gradient, state.Tensor("momentum", value), learningRate, group.Momentum, group.WeightDecay);
    }
}
