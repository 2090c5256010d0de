using TorchSharp;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Networks.Heads;

/// <summary>
/// Turns the distribution of a box side into its expectation (Generalized Focal Loss, 2020). The weights are the bin numbers 0 to R-1
/// and never learn.
/// </summary>
internal sealed class DFL : Block
{
    private readonly Conv2d conv;
    private readonly int bins;

    /// <summary>Creates the block for R bins.</summary>
    public DFL(BlockSettings settings, int bins) : base(ReferencePath.Block + "DFL")
    {
        this.bins = bins;
        conv = Child("conv", new Conv2d(settings with { Initializer = null }, bins, 1, 1, bias: false));
        conv.Kernels.requires_grad = false;
        if (settings.Device.type == DeviceType.META) return;
        using IDisposable untracked = no_grad();
        using Tensor numbers = arange(bins, float32);
        using Tensor shaped = numbers.view(1, bins, 1, 1);
        conv.Kernels.copy_(shaped);
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("c1", bins)];

    /// <summary>Maps distributions [N, 4R, A] to distances [N, 4, A] in units of the anchor's stride.</summary>
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor shares = x.view(x.shape[0], 4, bins, -1).softmax(2);
        return (shares * conv.Kernels.to(x.dtype).view(1, 1, bins, 1)).sum(2).MoveToOuterDisposeScope();
    }
}
