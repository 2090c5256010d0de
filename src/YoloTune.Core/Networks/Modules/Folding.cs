using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>A block whose convolutions and normalisations can be replaced by convolutions with a bias.</summary>
internal interface IFoldable
{
    /// <summary>Writes this block's folded weights into the same block built with <see cref="BlockSettings.Fused"/>.</summary>
    void FoldInto(nn.Module fused);
}

/// <summary>Folds BatchNorm into the convolution before it, in float64 so that the result is as exact as float32 can hold.</summary>
internal static class Folding
{
    /// <summary>Copies every tensor of a module into its fused twin, folding where a block knows how to.</summary>
    public static void Copy(nn.Module source, nn.Module fused)
    {
        if (source is IFoldable foldable && source.GetType() == fused.GetType() && !SameNames(source, fused))
        {
            foldable.FoldInto(fused);
            return;
        }
        CopyOwn(source, fused);
        Dictionary<string, nn.Module> children = source.named_children().ToDictionary(child => child.name, child => child.module);
        foreach ((string name, nn.Module child) in fused.named_children()) Copy(children[name], child);
    }

    /// <summary>Copies the tensors of a module and its children, by order, into a twin of the same structure.</summary>
    public static void CopyState(nn.Module source, nn.Module target)
    {
        CopyOwn(source, target);
        foreach (var (from, to) in source.named_children().Zip(target.named_children())) CopyState(from.Item2, to.Item2);
    }

    /// <summary>Kernel and bias, float64, of a bias-free convolution and the normalisation after it.</summary>
    public static (Tensor Kernel, Tensor Bias) Fold(Tensor kernel, BatchNorm2d norm, int outputDimension = 0)
    {
        Tensor factor = norm.Gain.to(float64) / (norm.RunningVariance.to(float64) + norm.Epsilon).sqrt();
        long[] shape = [1, 1, 1, 1];
        shape[outputDimension] = -1;
        return (kernel.to(float64) * factor.view(shape), norm.Bias.to(float64) - (norm.RunningMean.to(float64) * factor));
    }

    /// <summary>Runs an assignment of folded weights: no gradients, no tensors left behind.</summary>
    public static void Assign(Action assignment)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        assignment();
    }

    private static bool SameNames(nn.Module source, nn.Module fused) =>
        source.named_children().Select(child => child.name).SequenceEqual(fused.named_children().Select(child => child.name));

    private static void CopyOwn(nn.Module source, nn.Module target)
    {
        using IDisposable untracked = no_grad();
        foreach (var (from, to) in source.named_parameters(false).Zip(target.named_parameters(false)))
        {
            to.parameter.copy_(from.parameter);
            to.parameter.requires_grad = from.parameter.requires_grad;
        }
        foreach (var (from, to) in source.named_buffers(false).Zip(target.named_buffers(false))) to.buffer.copy_(from.buffer);
    }
}
