using TorchSharp;
using YoloTune.Kernels;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>Convolution, BatchNorm and activation: what every YOLO is made of.</summary>
internal class Conv : Block, IFoldable
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d? bn;
    private Activation act;

    /// <summary>Creates the block.</summary>
    /// <param name="settings">What the network's blocks share.</param>
    /// <param name="c1">Channels of the input.</param>
    /// <param name="c2">Channels of the output.</param>
    /// <param name="k">Kernel.</param>
    /// <param name="s">Stride.</param>
    /// <param name="p">Padding; null keeps the size at stride 1.</param>
    /// <param name="g">Groups.</param>
    /// <param name="d">Dilation.</param>
    /// <param name="act">False for none; true for the network's own.</param>
    public Conv(BlockSettings settings, int c1, int c2, Pair? k = null, int s = 1, Pair? p = null, int g = 1, int d = 1, bool act = true)
        : this(settings, ReferencePath.Conv + "Conv", c1, c2, k ?? 1, s, p, g, d, act ? settings.Activation : new(ActivationKind.Identity))
    {
    }

    /// <summary>Creates the block with a given activation.</summary>
    public Conv(BlockSettings settings, int c1, int c2, Pair k, int s, Pair? p, int g, int d, Activation act)
        : this(settings, ReferencePath.Conv + "Conv", c1, c2, k, s, p, g, d, act)
    {
    }

    private protected Conv(
        BlockSettings settings, string classPath, int c1, int c2, Pair k, int s, Pair? p, int g, int d, Activation act) : base(classPath)
    {
        Pair padding = p ?? new Pair(((d * (k.Rows - 1)) + 1) / 2, ((d * (k.Columns - 1)) + 1) / 2);
        conv = Child("conv", new Conv2d(settings, c1, c2, k, s, padding, d, g, settings.Fused));
        if (!settings.Fused) bn = Child("bn", new BatchNorm2d(settings, c2));
        this.act = Child("act", act);
    }

    /// <summary>The convolution; it has a bias in a fused network.</summary>
    public Conv2d Convolution => conv;

    /// <summary>The normalisation, or null in a fused network.</summary>
    public BatchNorm2d? Norm => bn;

    /// <summary>The activation; <see cref="ActivationKind.Identity"/> when there is none.</summary>
    public Activation Act
    {
        get => act;
        set
        {
            register_module("act", null!);
            act = Child("act", value);
        }
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        Tensor y = conv.call(x);
        if (bn is not null)
        {
            using Tensor convolved = y;
            if (act.Kernel is { } function && NormActivation.Takes(convolved)) return NormActivation.Run(convolved, bn, function);
            y = bn.call(convolved);
        }
        return act.Consume(y);
    }

    void IFoldable.FoldInto(nn.Module fused) => Folding.Assign(() =>
    {
        (Tensor kernel, Tensor bias) = Fold();
        Conv target = (Conv)fused;
        target.conv.Kernels.copy_(kernel);
        target.conv.Bias!.copy_(bias);
    });

    internal (Tensor Kernel, Tensor Bias) Fold() => Folding.Fold(conv.Kernels, bn!);
}

/// <summary>A <see cref="Conv"/> whose channels do not see each other, as far as the two widths allow: groups = gcd(c1, c2).</summary>
internal sealed class DWConv : Conv
{
    /// <summary>Creates the block; the parameters are those of <see cref="Conv"/>.</summary>
    public DWConv(BlockSettings settings, int c1, int c2, int k = 1, int s = 1, int d = 1, bool act = true)
        : base(settings, ReferencePath.Conv + "DWConv", c1, c2, k, s, null, GreatestCommonDivisor(c1, c2), d,
            act ? settings.Activation : new(ActivationKind.Identity))
    {
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}

/// <summary>Transposed convolution, optional BatchNorm, activation.</summary>
internal sealed class ConvTranspose : Block, IFoldable
{
    private readonly ConvTranspose2d conv_transpose;
    private readonly BatchNorm2d? bn;
    private readonly Activation act;

    /// <summary>Creates the block.</summary>
    public ConvTranspose(BlockSettings settings, int c1, int c2, int k = 2, int s = 2, int p = 0, bool bn = true, bool act = true)
        : base(ReferencePath.Conv + "ConvTranspose")
    {
        bool normalise = bn && !settings.Fused;
        conv_transpose = Child("conv_transpose", new ConvTranspose2d(settings, c1, c2, k, s, p, !normalise));
        if (normalise) this.bn = Child("bn", new BatchNorm2d(settings, c2));
        this.act = Child("act", act ? settings.RepActivation : new(ActivationKind.Identity));
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        Tensor y = conv_transpose.call(x);
        if (bn is not null)
        {
            using Tensor convolved = y;
            y = bn.call(convolved);
        }
        return act.Consume(y);
    }

    void IFoldable.FoldInto(nn.Module fused) => Folding.Assign(() =>
    {
        (Tensor kernel, Tensor bias) = Folding.Fold(conv_transpose.Kernels, bn!, outputDimension: 1);
        ConvTranspose target = (ConvTranspose)fused;
        target.conv_transpose.Kernels.copy_(kernel);
        target.conv_transpose.Bias!.copy_(bias);
    });
}

/// <summary>Moves each 2x2 block of pixels into four channels and convolves: YOLOv5's first layer before release 6.</summary>
internal sealed class Focus : Block
{
    private readonly Conv conv;

    /// <summary>Creates the block.</summary>
    public Focus(BlockSettings settings, int c1, int c2, int k = 1, int s = 1, Pair? p = null, int g = 1, bool act = true)
        : base(ReferencePath.Conv + "Focus") => conv = Child("conv", new Conv(settings, 4 * c1, c2, k, s, p, g, 1, act));

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        TensorIndex even = TensorIndex.Slice(0, null, 2);
        TensorIndex odd = TensorIndex.Slice(1, null, 2);
        TensorIndex all = TensorIndex.Colon;
        Tensor phases = cat([x[all, all, even, even], x[all, all, odd, even], x[all, all, even, odd], x[all, all, odd, odd]], 1);
        return conv.call(phases).MoveToOuterDisposeScope();
    }
}

/// <summary>Half of the output by a convolution, the other half by a cheap depthwise one of it (GhostNet, 2020).</summary>
internal sealed class GhostConv : Block
{
    private readonly Conv cv1;
    private readonly Conv cv2;

    /// <summary>Creates the block.</summary>
    public GhostConv(BlockSettings settings, int c1, int c2, int k = 1, int s = 1, int g = 1, bool act = true)
        : base(ReferencePath.Conv + "GhostConv")
    {
        int half = c2 / 2;
        cv1 = Child("cv1", new Conv(settings, c1, half, k, s, null, g, 1, act));
        cv2 = Child("cv2", new Conv(settings, half, half, 5, 1, null, half, 1, act));
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using Tensor y = cv1.call(x);
        using Tensor cheap = cv2.call(y);
        return cat([y, cheap], 1);
    }
}

/// <summary>Joins feature maps along a dimension, normally the channels.</summary>
/// <param name="dimension">The dimension: 1 for channels.</param>
internal sealed class Concat(int dimension) : Component<IReadOnlyList<Tensor>, Tensor>(ReferencePath.Conv + "Concat")
{
    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("d", dimension)];

    /// <inheritdoc />
    public override Tensor forward(IReadOnlyList<Tensor> inputs) => cat([.. inputs], dimension);
}
