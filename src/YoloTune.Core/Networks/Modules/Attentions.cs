using TorchSharp;
using YoloTune.Kernels;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace YoloTune.Networks.Modules;

/// <summary>Self-attention over all pixels with a depthwise convolution as positional encoding (YOLOv10).</summary>
internal sealed class Attention : Block
{
    private readonly Conv qkv;
    private readonly Conv proj;
    private readonly Conv pe;
    private readonly int heads;
    private readonly int headWidth;
    private readonly int keyWidth;

    /// <summary>Creates the block.</summary>
    public Attention(BlockSettings settings, int dim, int num_heads, double attn_ratio = 0.5) : base(ReferencePath.Block + "Attention")
    {
        heads = num_heads;
        headWidth = dim / heads;
        keyWidth = Arithmetic.Share(headWidth, attn_ratio);
        qkv = Child("qkv", new Conv(settings, dim, dim + (2 * heads * keyWidth), act: false));
        proj = Child("proj", new Conv(settings, dim, dim, act: false));
        pe = Child("pe", new Conv(settings, dim, dim, 3, g: dim, act: false));
    }

    private double Scale => Math.Pow(keyWidth, -0.5);

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
        [new("num_heads", heads), new("head_dim", headWidth), new("key_dim", keyWidth), new("scale", Scale)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        (long batch, long channels, long rows, long columns) = (x.size(0), x.size(1), x.size(2), x.size(3));
        Tensor all = qkv.call(x).reshape(batch, heads, (2 * keyWidth) + headWidth, rows * columns);
        Tensor[] parts = all.split([keyWidth, keyWidth, headWidth], 2);
        Tensor weights = (matmul(parts[0].transpose(-2, -1), parts[1]) * Scale).softmax(-1);
        Tensor mixed = matmul(parts[2], weights.transpose(-2, -1)).reshape(batch, channels, rows, columns);
        Tensor position = pe.call(parts[2].reshape(batch, channels, rows, columns));
        Tensor sum = mixed + position;
        return proj.call(ChannelsLast.Is(x) ? ChannelsLast.Lay(sum) : sum).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention and a feed-forward part, each with a shortcut.</summary>
internal sealed class PSABlock : Block
{
    private readonly Attention attn;
    private readonly BlockSequence ffn;
    private readonly bool add;

    /// <summary>Creates the block.</summary>
    public PSABlock(BlockSettings settings, int c, double attn_ratio = 0.5, int num_heads = 4, bool shortcut = true)
        : base(ReferencePath.Block + "PSABlock")
    {
        attn = Child("attn", new Attention(settings, c, num_heads, attn_ratio));
        ffn = Child("ffn", new BlockSequence(new Conv(settings, c, 2 * c), new Conv(settings, 2 * c, c, act: false)));
        add = shortcut;
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("add", add)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = attn.call(x);
        if (add) attended = Arithmetic.AddConsuming(attended, x);
        Tensor y = ffn.call(attended);
        return (add ? Arithmetic.AddConsuming(y, attended) : y).MoveToOuterDisposeScope();
    }
}

/// <summary>A split 1x1 convolution whose second half gets attention (YOLOv10).</summary>
internal sealed class PSA : Block
{
    private readonly Conv cv1;
    private readonly Conv cv2;
    private readonly Attention attn;
    private readonly BlockSequence ffn;
    private readonly int width;

    /// <summary>Creates the block; its output is as wide as its input.</summary>
    public PSA(BlockSettings settings, int c1, double e = 0.5) : base(ReferencePath.Block + "PSA")
    {
        width = Arithmetic.Share(c1, e);
        cv1 = Child("cv1", new Conv(settings, c1, 2 * width));
        cv2 = Child("cv2", new Conv(settings, 2 * width, c1));
        attn = Child("attn", new Attention(settings, width, Math.Max(width / 64, 1)));
        ffn = Child("ffn", new BlockSequence(new Conv(settings, width, 2 * width), new Conv(settings, 2 * width, width, act: false)));
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("c", width)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] halves = cv1.call(x).chunk(2, 1);
        Tensor attended = Arithmetic.AddConsuming(attn.call(halves[1]), halves[1]);
        Tensor fed = Arithmetic.AddConsuming(ffn.call(attended), attended);
        return cv2.call(cat([halves[0], fed], 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>A split 1x1 convolution whose second half goes through <see cref="PSABlock"/>s (YOLO11).</summary>
internal sealed class C2PSA : Block
{
    /// <summary>Channels each attention head takes; a narrower block cannot have one.</summary>
    public const int HeadWidth = 64;

    private readonly Conv cv1;
    private readonly Conv cv2;
    private readonly BlockSequence m;
    private readonly int width;

    /// <summary>Creates the block; its output is as wide as its input.</summary>
    public C2PSA(BlockSettings settings, int c1, int n = 1, double e = 0.5) : base(ReferencePath.Block + "C2PSA")
    {
        width = Arithmetic.Share(c1, e);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, HeadWidth, nameof(c1));
        cv1 = Child("cv1", new Conv(settings, c1, 2 * width));
        cv2 = Child("cv2", new Conv(settings, 2 * width, c1));
        m = Child("m", new BlockSequence(Enumerable.Range(0, n).Select(_ => new PSABlock(settings, width, 0.5, width / HeadWidth))));
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("c", width)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] halves = cv1.call(x).chunk(2, 1);
        return cv2.call(cat([halves[0], m.call(halves[1])], 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention within horizontal bands of the map, which costs a fraction of attention over all of it (YOLO12).</summary>
internal sealed class AAttn : Block
{
    private readonly Conv qkv;
    private readonly Conv proj;
    private readonly Conv pe;
    private readonly int heads;
    private readonly int headWidth;
    private readonly int area;

    /// <summary>Creates the block; <paramref name="area"/> is the number of bands.</summary>
    public AAttn(BlockSettings settings, int dim, int num_heads, int area = 1) : base(ReferencePath.Block + "AAttn")
    {
        (heads, this.area) = (num_heads, area);
        headWidth = dim / heads;
        int all = headWidth * heads;
        qkv = Child("qkv", new Conv(settings, dim, 3 * all, act: false));
        proj = Child("proj", new Conv(settings, all, dim, act: false));
        pe = Child("pe", new Conv(settings, all, dim, 7, 1, 3, dim, act: false));
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
        [new("area", area), new("num_heads", heads), new("head_dim", headWidth), new("all_head_dim", headWidth * heads)];

    /// <summary>Maps [N, C, H, W] to the same shape. H · W must be divisible by the number of bands.</summary>
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        (long batch, long channels, long rows, long columns) = (x.size(0), x.size(1), x.size(2), x.size(3));
        long bands = Math.Max(area, 1);
        long tokens = rows * columns / bands;
        Tensor all = qkv.call(x).flatten(2).transpose(1, 2).reshape(batch * bands, tokens, heads, 3 * headWidth).permute(0, 2, 3, 1);
        Tensor[] parts = all.split([headWidth, headWidth, headWidth], 2);
        Tensor weights = (matmul(parts[0].transpose(-2, -1), parts[1]) * Math.Pow(headWidth, -0.5)).softmax(-1);
        Tensor mixed = ToMap(matmul(parts[2], weights.transpose(-2, -1)));
        Tensor sum = mixed + pe.call(ToMap(parts[2]));
        return proj.call(ChannelsLast.Is(x) ? ChannelsLast.Lay(sum) : sum).MoveToOuterDisposeScope();

        Tensor ToMap(Tensor values) =>
            values.permute(0, 3, 1, 2).reshape(batch, rows, columns, channels).permute(0, 3, 1, 2).contiguous();
    }
}

/// <summary>Area attention and a feed-forward part, each with a shortcut (YOLO12).</summary>
internal sealed class ABlock : Block
{
    private const double InitialDeviation = 0.02;
    private readonly AAttn attn;
    private readonly BlockSequence mlp;

    /// <summary>Creates the block.</summary>
    public ABlock(BlockSettings settings, int dim, int num_heads, double mlp_ratio = 1.2, int area = 1)
        : base(ReferencePath.Block + "ABlock")
    {
        int hidden = Arithmetic.Share(dim, mlp_ratio);
        attn = Child("attn", new AAttn(settings, dim, num_heads, area));
        mlp = Child("mlp", new BlockSequence(new Conv(settings, dim, hidden), new Conv(settings, hidden, dim, act: false)));
        if (settings.Initializer is not { } initializer) return;
        foreach (Conv2d convolution in modules().OfType<Conv2d>()) initializer.TruncatedNormal(convolution.Kernels, InitialDeviation);
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = Arithmetic.AddConsuming(attn.call(x), x);
        return Arithmetic.AddConsuming(mlp.call(attended), attended).MoveToOuterDisposeScope();
    }
}

/// <summary>YOLO12's frame: a chain of area-attention pairs or C3k blocks, all maps joined, optionally with a scaled shortcut.</summary>
internal sealed class A2C2f : Block
{
    private const double InitialGamma = 0.01;
    private const int HeadWidth = 32;
    private readonly Conv cv1;
    private readonly Conv cv2;
    private readonly BlockList<Block> m;
    private Parameter? gamma;

    /// <summary>Creates the block; its inner width must be a multiple of 32 when it attends.</summary>
    public A2C2f(
        BlockSettings settings, int c1, int c2, int n = 1, bool a2 = true, int area = 1, bool residual = false, double mlp_ratio = 2.0,
        double e = 0.5, int g = 1, bool shortcut = true) : base(ReferencePath.Block + "A2C2f")
    {
        int hidden = Arithmetic.Share(c2, e);
        if (hidden % HeadWidth != 0)
            throw new ArgumentOutOfRangeException(nameof(c2), hidden, $"The inner width of A2C2f must be a multiple of {HeadWidth}.");
        cv1 = Child("cv1", new Conv(settings, c1, hidden));
        cv2 = Child("cv2", new Conv(settings, (1 + n) * hidden, c2));
        if (a2 && residual) gamma = Weight("gamma", full([c2], InitialGamma, float32, settings.Device));
        m = Child("m", new BlockList<Block>(Enumerable.Range(0, n).Select(_ => a2
            ? new BlockSequence(
                new ABlock(settings, hidden, hidden / HeadWidth, mlp_ratio, area),
                new ABlock(settings, hidden, hidden / HeadWidth, mlp_ratio, area))
            : (Block)C3.Square(settings, hidden, hidden, 2, shortcut, g))));
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => gamma is null ? [new("gamma", null)] : [];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> maps = [cv1.call(x)];
        foreach (Block block in m) maps.Add(block.call(maps[^1]));
        Tensor y = cv2.call(cat(maps, 1));
        if (gamma is not null) y = x + (gamma.to(x.dtype).view(1, -1, 1, 1) * y);
        return y.MoveToOuterDisposeScope();
    }
}
