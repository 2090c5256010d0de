using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>
/// The cross-stage-partial frame of YOLOv5: one 1x1 convolution feeds a chain of blocks, another passes beside it, a third joins both.
/// The reference's C3, C3x, C3Ghost, C3k and RepCSP differ only in the blocks of the chain.
/// </summary>
internal sealed class C3 : Block
{
    private readonly Conv cv1;
    private readonly Conv cv2;
    private readonly Conv cv3;
    private readonly BlockSequence m;

    private C3(BlockSettings settings, string name, int c1, int c2, int n, double e, Func<int, Block> makeBlock)
        : base(ReferencePath.Block + name)
    {
        int hidden = Arithmetic.Share(c2, e);
        cv1 = Child("cv1", new Conv(settings, c1, hidden));
        cv2 = Child("cv2", new Conv(settings, c1, hidden));
        cv3 = Child("cv3", new Conv(settings, 2 * hidden, c2));
        m = Child("m", new BlockSequence(Enumerable.Range(0, n).Select(_ => makeBlock(hidden))));
    }

    /// <summary>Creates the plain frame: bottlenecks with kernels 1 and 3.</summary>
    public C3(BlockSettings settings, int c1, int c2, int n = 1, bool shortcut = true, int g = 1, double e = 0.5)
        : this(settings, "C3", c1, c2, n, e, c => new Bottleneck(settings, c, c, shortcut, g, 1, 3, 1.0))
    {
    }

    /// <summary>C3x: kernels 1x3 and 3x1.</summary>
    public static C3 Crossed(BlockSettings settings, int c1, int c2, int n = 1, bool shortcut = true, int g = 1, double e = 0.5) =>
        new(settings, "C3x", c1, c2, n, e, c => new Bottleneck(settings, c, c, shortcut, g, new Pair(1, 3), new Pair(3, 1), 1.0));

    /// <summary>C3Ghost: <see cref="GhostBottleneck"/>s.</summary>
    public static C3 Ghost(BlockSettings settings, int c1, int c2, int n = 1, double e = 0.5) =>
        new(settings, "C3Ghost", c1, c2, n, e, c => new GhostBottleneck(settings, c, c));

    /// <summary>C3k: bottlenecks with two kernels of size <paramref name="k"/>.</summary>
    public static C3 Square(
        BlockSettings settings, int c1, int c2, int n = 1, bool shortcut = true, int g = 1, double e = 0.5, int k = 3) =>
        new(settings, "C3k", c1, c2, n, e, c => new Bottleneck(settings, c, c, shortcut, g, k, k, 1.0));

    /// <summary>RepCSP: <see cref="Bottleneck.Reparameterised"/> blocks.</summary>
    public static C3 Reparameterised(
        BlockSettings settings, int c1, int c2, int n = 1, bool shortcut = true, int g = 1, double e = 0.5) =>
        new(settings, "RepCSP", c1, c2, n, e, c => Bottleneck.Reparameterised(settings, c, c, shortcut, g, 1.0));

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor chained = m.call(cv1.call(x));
        return cv3.call(cat([chained, cv2.call(x)], 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>The cross-stage-partial block of the CSPNet paper (2019), with plain convolutions at its joints.</summary>
internal sealed class BottleneckCSP : Block
{
    private readonly Conv cv1;
    private readonly Conv2d cv2;
    private readonly Conv2d cv3;
    private readonly Conv cv4;
    private readonly BatchNorm2d bn;
    private readonly Activation act;
    private readonly BlockSequence m;

    /// <summary>Creates the block.</summary>
    public BottleneckCSP(BlockSettings settings, int c1, int c2, int n = 1, bool shortcut = true, int g = 1, double e = 0.5)
        : base(ReferencePath.Block + "BottleneckCSP")
    {
        int hidden = Arithmetic.Share(c2, e);
        cv1 = Child("cv1", new Conv(settings, c1, hidden));
        cv2 = Child("cv2", new Conv2d(settings, c1, hidden, 1, bias: false));
        cv3 = Child("cv3", new Conv2d(settings, hidden, hidden, 1, bias: false));
        cv4 = Child("cv4", new Conv(settings, 2 * hidden, c2));
        bn = Child("bn", new BatchNorm2d(settings, 2 * hidden));
        act = Child("act", new Activation(ActivationKind.SiLU));
        m = Child("m", new BlockSequence(
            Enumerable.Range(0, n).Select(_ => new Bottleneck(settings, hidden, hidden, shortcut, g, e: 1.0))));
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor chained = cv3.call(m.call(cv1.call(x)));
        Tensor joined = act.Consume(bn.call(cat([chained, cv2.call(x)], 1)));
        return cv4.call(joined).MoveToOuterDisposeScope();
    }
}

/// <summary>A 1x1 convolution and a residual chain of 3x3 ones.</summary>
internal sealed class C1 : Block
{
    private readonly Conv cv1;
    private readonly BlockSequence m;

    /// <summary>Creates the block.</summary>
    public C1(BlockSettings settings, int c1, int c2, int n = 1) : base(ReferencePath.Block + "C1")
    {
        cv1 = Child("cv1", new Conv(settings, c1, c2));
        m = Child("m", new BlockSequence(Enumerable.Range(0, n).Select(_ => new Conv(settings, c2, c2, 3))));
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using Tensor y = cv1.call(x);
        return Arithmetic.AddConsuming(m.call(y), y);
    }
}

/// <summary>A split 1x1 convolution: one half goes through a chain of bottlenecks, both are joined.</summary>
internal sealed class C2 : Block
{
    private readonly Conv cv1;
    private readonly Conv cv2;
    private readonly BlockSequence m;
    private readonly int width;

    /// <summary>Creates the block.</summary>
    public C2(BlockSettings settings, int c1, int c2, int n = 1, bool shortcut = true, int g = 1, double e = 0.5)
        : base(ReferencePath.Block + "C2")
    {
        width = Arithmetic.Share(c2, e);
        cv1 = Child("cv1", new Conv(settings, c1, 2 * width));
        cv2 = Child("cv2", new Conv(settings, 2 * width, c2));
        m = Child("m", new BlockSequence(
            Enumerable.Range(0, n).Select(_ => new Bottleneck(settings, width, width, shortcut, g, e: 1.0))));
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("c", width)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] halves = cv1.call(x).chunk(2, 1);
        return cv2.call(cat([m.call(halves[0]), halves[1]], 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// The frame of YOLOv8: a split 1x1 convolution, a chain of blocks on the second half, and all intermediate maps joined. The reference's
/// C2f, C3k2, C2fCIB and C2fPSA differ only in the blocks of the chain.
/// </summary>
internal sealed class C2f : Block
{
    private readonly Conv cv1;
    private readonly Conv cv2;
    private readonly BlockList<Block> m;
    private readonly int width;

    private C2f(BlockSettings settings, string name, int c1, int c2, int n, double e, Func<int, Block> makeBlock)
        : base(ReferencePath.Block + name)
    {
        width = Arithmetic.Share(c2, e);
        cv1 = Child("cv1", new Conv(settings, c1, 2 * width));
        cv2 = Child("cv2", new Conv(settings, (2 + n) * width, c2));
        m = Child("m", new BlockList<Block>(Enumerable.Range(0, n).Select(_ => makeBlock(width))));
    }

    /// <summary>Creates the plain frame: bottlenecks with two 3x3 kernels and a middle as wide as their ends.</summary>
    public C2f(BlockSettings settings, int c1, int c2, int n = 1, bool shortcut = false, int g = 1, double e = 0.5)
        : this(settings, "C2f", c1, c2, n, e, c => new Bottleneck(settings, c, c, shortcut, g, e: 1.0))
    {
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("c", width)];

    /// <summary>C3k2 of YOLO11 and later: bottlenecks, C3k blocks, or a bottleneck with attention.</summary>
    public static C2f Kernel2(
        BlockSettings settings, int c1, int c2, int n = 1, bool c3k = false, double e = 0.5, bool attn = false, int g = 1,
        bool shortcut = true) =>
        new(settings, "C3k2", c1, c2, n, e, c =>
            attn ? new BlockSequence(new Bottleneck(settings, c, c, shortcut, g), new PSABlock(settings, c, 0.5, Math.Max(c / 64, 1)))
            : c3k ? C3.Square(settings, c, c, 2, shortcut, g)
            : new Bottleneck(settings, c, c, shortcut, g));

    /// <summary>C2fCIB of YOLOv10: <see cref="CIB"/> blocks.</summary>
    public static C2f Compact(
        BlockSettings settings, int c1, int c2, int n = 1, bool shortcut = false, bool lk = false, double e = 0.5) =>
        new(settings, "C2fCIB", c1, c2, n, e, c => new CIB(settings, c, c, shortcut, 1.0, lk));

    /// <summary>C2fPSA: <see cref="PSABlock"/>s.</summary>
    public static C2f Attentive(BlockSettings settings, int c1, int c2, int n = 1, double e = 0.5) =>
        new(settings, "C2fPSA", c1, c2, n, e, c => new PSABlock(settings, c, 0.5, Math.Max(c / 64, 1)));

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> maps = [.. cv1.call(x).chunk(2, 1)];
        foreach (Block block in m) maps.Add(block.call(maps[^1]));
        return cv2.call(cat(maps, 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>Two 1x1 convolutions, one followed by a chain of <see cref="RepConv"/>s, added.</summary>
internal sealed class RepC3 : Block
{
    private readonly Conv cv1;
    private readonly Conv cv2;
    private readonly BlockSequence m;
    private readonly Block cv3;

    /// <summary>Creates the block.</summary>
    public RepC3(BlockSettings settings, int c1, int c2, int n = 3, double e = 1.0) : base(ReferencePath.Block + "RepC3")
    {
        int hidden = Arithmetic.Share(c2, e);
        cv1 = Child("cv1", new Conv(settings, c1, hidden));
        cv2 = Child("cv2", new Conv(settings, c1, hidden));
        m = Child("m", new BlockSequence(Enumerable.Range(0, n).Select(_ => new RepConv(settings, hidden, hidden))));
        cv3 = Child("cv3", hidden == c2 ? new Activation(ActivationKind.Identity) : (Block)new Conv(settings, hidden, c2));
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor chained = m.call(cv1.call(x));
        return cv3.call(Arithmetic.AddConsuming(chained, cv2.call(x))).MoveToOuterDisposeScope();
    }
}
