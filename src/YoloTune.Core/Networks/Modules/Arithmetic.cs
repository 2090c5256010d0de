using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>Small operations on tensors that save a temporary.</summary>
internal static class Arithmetic
{
    /// <summary>The sum of two tensors, of which the first is given away: overwritten without gradients, else disposed.</summary>
    public static Tensor AddConsuming(Tensor owned, Tensor other)
    {
        if (!is_grad_enabled()) return owned.add_(other);
        Tensor sum = owned + other;
        owned.Dispose();
        return sum;
    }

    /// <summary>C#'s form of truncation of a width by a ratio, as Python's int().</summary>
    public static int Share(int width, double ratio) => (int)(width * ratio);
}
