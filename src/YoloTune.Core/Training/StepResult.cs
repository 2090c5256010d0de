using TorchSharp;

namespace YoloTune.Training;

/// <summary>What one batch gave. Dispose it, or let a dispose scope do so.</summary>
/// <param name="Total">The scalar that was propagated back, without the loss scale; no gradient.</param>
/// <param name="Items">The parts of the loss: [parts], no gradient.</param>
/// <param name="GradientNorm">The norm before clipping when the optimiser was due, else null.</param>
/// <param name="Stepped">Whether the weights moved.</param>
internal readonly record struct StepResult(torch.Tensor Total, torch.Tensor Items, torch.Tensor? GradientNorm, bool Stepped) : IDisposable
{
    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Total.Dispose();
        Items.Dispose();
        GradientNorm?.Dispose();
    }
}
