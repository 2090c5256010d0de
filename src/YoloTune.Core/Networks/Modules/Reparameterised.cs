using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>
/// A 3x3 and a 1x1 convolution, and optionally the normalised input, added: trains better than one convolution and folds into one
/// (RepVGG, 2021).
/// </summary>
internal sealed class RepConv : Block, IFoldable
{
    private readonly BatchNorm2d? bn;
    private readonly Conv? conv1;
    private readonly Conv? conv2;
    private readonly Conv2d? conv;
    private readonly Activation act;
    private readonly int groups;
    private readonly int c1;
    private readonly int c2;

    /// <summary>Creates the block. The kernel is 3x3; with <paramref name="bn"/> and equal widths the input takes part too.</summary>
    public RepConv(BlockSettings settings, int c1, int c2, int k = 3, int s = 1, int p = 1, int g = 1, bool act = true, bool bn = false)
        : base(ReferencePath.Conv + "RepConv")
    {
        (groups, this.c1, this.c2) = (g, c1, c2);
        if (settings.Fused)
        {
            conv = Child("conv", new Conv2d(settings, c1, c2, k, s, p, 1, g));
        }
        else
        {
            if (bn && c1 == c2 && s == 1) this.bn = Child("bn", new BatchNorm2d(settings, c1));
            conv1 = Child("conv1", new Conv(settings, c1, c2, k, s, p, g, act: false));
            conv2 = Child("conv2", new Conv(settings, c1, c2, 1, s, p - (k / 2), g, act: false));
        }
        this.act = Child("act", act ? settings.RepActivation : new(ActivationKind.Identity));
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
        bn is null ? [new("g", groups), new("c1", c1), new("c2", c2), new("bn", null)] : [new("g", groups), new("c1", c1), new("c2", c2)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        if (conv is not null) return act.Consume(conv.call(x));
        using Tensor pointwise = conv2!.call(x);
        Tensor sum = Arithmetic.AddConsuming(conv1!.call(x), pointwise);
        if (bn is not null)
        {
            using Tensor identity = bn.call(x);
            sum = Arithmetic.AddConsuming(sum, identity);
        }
        return act.Consume(sum);
    }

    void IFoldable.FoldInto(nn.Module fused) => Folding.Assign(() =>
    {
        (Tensor kernel, Tensor bias) = conv1!.Fold();
        (Tensor pointwise, Tensor pointwiseBias) = conv2!.Fold();
        int margin = conv1.Convolution.Kernel.Rows / 2;
        kernel = kernel + nn.functional.pad(pointwise, new long[] { margin, margin, margin, margin }, PaddingModes.Constant, 0);
        bias = bias + pointwiseBias;
        if (bn is not null)
        {
            Tensor identity = zeros_like(kernel);
            int width = c1 / groups;
            for (int channel = 0; channel < c1; channel++) identity[channel, channel % width, margin, margin] = 1.0;
            (Tensor scaled, Tensor offset) = Folding.Fold(identity, bn);
            (kernel, bias) = (kernel + scaled, bias + offset);
        }
        RepConv target = (RepConv)fused;
        target.conv!.Kernels.copy_(kernel);
        target.conv.Bias!.copy_(bias);
    });
}

/// <summary>A 7x7 and a 3x3 depthwise convolution, added; they fold into one (RepVGG; YOLOv10's large kernel).</summary>
internal sealed class RepVGGDW : Block, IFoldable
{
    private const int Large = 7;
    private const int Small = 3;
    private readonly Conv? conv;
    private readonly Conv? conv1;
    private readonly Conv2d? folded;
    private readonly Activation act;
    private readonly int width;

    /// <summary>Creates the block.</summary>
    public RepVGGDW(BlockSettings settings, int c) : base(ReferencePath.Block + "RepVGGDW")
    {
        width = c;
        if (settings.Fused)
        {
            folded = Child("conv", new Conv2d(settings, c, c, Large, 1, Large / 2, 1, c));
        }
        else
        {
            conv = Child("conv", new Conv(settings, c, c, Large, 1, Large / 2, c, act: false));
            conv1 = Child("conv1", new Conv(settings, c, c, Small, 1, Small / 2, c, act: false));
        }
        act = Child("act", new Activation(ActivationKind.SiLU));
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("dim", width)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        if (folded is not null) return act.Consume(folded.call(x));
        using Tensor small = conv1!.call(x);
        return act.Consume(Arithmetic.AddConsuming(conv!.call(x), small));
    }

    void IFoldable.FoldInto(nn.Module fused) => Folding.Assign(() =>
    {
        (Tensor kernel, Tensor bias) = conv!.Fold();
        (Tensor small, Tensor smallBias) = conv1!.Fold();
        const int margin = (Large - Small) / 2;
        Tensor padded = nn.functional.pad(small, new long[] { margin, margin, margin, margin }, PaddingModes.Constant, 0);
        RepVGGDW target = (RepVGGDW)fused;
        target.folded!.Kernels.copy_(kernel + padded);
        target.folded.Bias!.copy_(bias + smallBias);
    });
}
