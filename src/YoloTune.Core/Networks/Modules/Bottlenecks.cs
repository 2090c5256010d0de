using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>Two convolutions with a narrower middle and, where the widths allow, a shortcut (ResNet, 2015).</summary>
internal sealed class Bottleneck : Block
{
    private readonly Block cv1;
    private readonly Conv cv2;
    private readonly bool add;

    /// <summary>Creates the block.</summary>
    /// <param name="settings">What the network's blocks share.</param>
    /// <param name="c1">Channels of the input.</param>
    /// <param name="c2">Channels of the output.</param>
    /// <param name="shortcut">Adds the input when both widths are equal.</param>
    /// <param name="g">Groups of the second convolution.</param>
    /// <param name="first">Kernel of the first convolution.</param>
    /// <param name="second">Kernel of the second convolution.</param>
    /// <param name="e">Width of the middle as a fraction of <paramref name="c2"/>.</param>
    public Bottleneck(
        BlockSettings settings, int c1, int c2, bool shortcut = true, int g = 1, Pair? first = null, Pair? second = null, double e = 0.5)
        : this(settings, "Bottleneck", c1, c2, shortcut, g, second, e, hidden => new Conv(settings, c1, hidden, first ?? 3))
    {
    }

    private Bottleneck(
        BlockSettings settings, string name, int c1, int c2, bool shortcut, int g, Pair? second, double e, Func<int, Block> makeFirst)
        : base(ReferencePath.Block + name)
    {
        int hidden = Arithmetic.Share(c2, e);
        cv1 = Child("cv1", makeFirst(hidden));
        cv2 = Child("cv2", new Conv(settings, hidden, c2, second ?? 3, 1, null, g));
        add = shortcut && c1 == c2;
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("add", add)];

    /// <summary>The variant of YOLOv9 whose first convolution is a <see cref="RepConv"/>; the reference's RepBottleneck.</summary>
    public static Bottleneck Reparameterised(BlockSettings settings, int c1, int c2, bool shortcut = true, int g = 1, double e = 0.5) =>
        new(settings, "RepBottleneck", c1, c2, shortcut, g, null, e, hidden => new RepConv(settings, c1, hidden));

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using Tensor middle = cv1.call(x);
        Tensor y = cv2.call(middle);
        return add ? Arithmetic.AddConsuming(y, x) : y;
    }
}

/// <summary>Two <see cref="GhostConv"/>s with a shortcut, which shrinks too when the stride is 2.</summary>
internal sealed class GhostBottleneck : Block
{
    private readonly BlockSequence conv;
    private readonly Block shortcut;

    /// <summary>Creates the block.</summary>
    public GhostBottleneck(BlockSettings settings, int c1, int c2, int k = 3, int s = 1) : base(ReferencePath.Block + "GhostBottleneck")
    {
        int half = c2 / 2;
        conv = Child("conv", new BlockSequence(
            new GhostConv(settings, c1, half),
            s == 2 ? new DWConv(settings, half, half, k, s, act: false) : new Activation(ActivationKind.Identity),
            new GhostConv(settings, half, c2, act: false)));
        shortcut = Child("shortcut", s == 2
            ? new BlockSequence(new DWConv(settings, c1, c1, k, s, act: false), new Conv(settings, c1, c2, act: false))
            : (Block)new Activation(ActivationKind.Identity));
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using Tensor side = shortcut.call(x);
        return Arithmetic.AddConsuming(conv.call(x), side);
    }
}

/// <summary>Five convolutions, depthwise and pointwise in turn (YOLOv10's compact inverted block).</summary>
internal sealed class CIB : Block
{
    private readonly BlockSequence cv1;
    private readonly bool add;

    /// <summary>Creates the block; <paramref name="lk"/> puts a large kernel in the middle.</summary>
    public CIB(BlockSettings settings, int c1, int c2, bool shortcut = true, double e = 0.5, bool lk = false)
        : base(ReferencePath.Block + "CIB")
    {
        int hidden = Arithmetic.Share(c2, e);
        cv1 = Child("cv1", new BlockSequence(
            new Conv(settings, c1, c1, 3, g: c1),
            new Conv(settings, c1, 2 * hidden),
            lk ? new RepVGGDW(settings, 2 * hidden) : new Conv(settings, 2 * hidden, 2 * hidden, 3, g: 2 * hidden),
            new Conv(settings, 2 * hidden, c2),
            new Conv(settings, c2, c2, 3, g: c2)));
        add = shortcut && c1 == c2;
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("add", add)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        Tensor y = cv1.call(x);
        return add ? Arithmetic.AddConsuming(y, x) : y;
    }
}
