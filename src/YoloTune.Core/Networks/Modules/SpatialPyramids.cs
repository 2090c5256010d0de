using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>Spatial pyramid pooling (He et al., 2014): max-pools of several sizes side by side.</summary>
internal sealed class SPP : Block
{
    private readonly Conv cv1;
    private readonly Conv cv2;
    private readonly BlockList<MaxPool2d> m;

    /// <summary>Creates the block; <paramref name="k"/> are the sides of the pools.</summary>
    public SPP(BlockSettings settings, int c1, int c2, IReadOnlyList<int> k) : base(ReferencePath.Block + "SPP")
    {
        int hidden = c1 / 2;
        cv1 = Child("cv1", new Conv(settings, c1, hidden));
        cv2 = Child("cv2", new Conv(settings, hidden * (k.Count + 1), c2));
        m = Child("m", new BlockList<MaxPool2d>(k.Select(side => new MaxPool2d(side, 1, side / 2))));
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor y = cv1.call(x);
        return cv2.call(cat([y, .. m.Select(pool => pool.call(y))], 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// The fast form of <see cref="SPP"/>: one small pool applied again and again. The first convolution had an activation in the releases
/// that made the published weights of YOLOv5 to YOLO12; <see cref="BlockSettings.SppfActivation"/> says whether it has one here.
/// </summary>
internal sealed class SPPF : Block
{
    private readonly Conv cv1;
    private readonly Conv cv2;
    private readonly MaxPool2d m;
    private readonly int times;
    private readonly bool add;

    /// <summary>Creates the block: <paramref name="n"/> pools of side <paramref name="k"/>.</summary>
    public SPPF(BlockSettings settings, int c1, int c2, int k = 5, int n = 3, bool shortcut = false) : base(ReferencePath.Block + "SPPF")
    {
        int hidden = c1 / 2;
        cv1 = Child("cv1", new Conv(settings, c1, hidden, act: settings.SppfActivation));
        cv2 = Child("cv2", new Conv(settings, hidden * (n + 1), c2));
        m = Child("m", new MaxPool2d(k, 1, k / 2));
        times = n;
        add = shortcut && c1 == c2;
    }

    /// <summary>The first convolution, whose activation differs between releases.</summary>
    public Conv First => cv1;

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("n", times), new("add", add)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> maps = [cv1.call(x)];
        for (int i = 0; i < times; i++) maps.Add(m.call(maps[^1]));
        Tensor y = cv2.call(cat(maps, 1));
        return (add ? Arithmetic.AddConsuming(y, x) : y).MoveToOuterDisposeScope();
    }
}

/// <summary>YOLOv9's pyramid: three chained pools between two 1x1 convolutions.</summary>
internal sealed class SPPELAN : Block
{
    private readonly Conv cv1;
    private readonly MaxPool2d cv2;
    private readonly MaxPool2d cv3;
    private readonly MaxPool2d cv4;
    private readonly Conv cv5;
    private readonly int width;

    /// <summary>Creates the block.</summary>
    public SPPELAN(BlockSettings settings, int c1, int c2, int c3, int k = 5) : base(ReferencePath.Block + "SPPELAN")
    {
        width = c3;
        cv1 = Child("cv1", new Conv(settings, c1, c3));
        cv2 = Child("cv2", new MaxPool2d(k, 1, k / 2));
        cv3 = Child("cv3", new MaxPool2d(k, 1, k / 2));
        cv4 = Child("cv4", new MaxPool2d(k, 1, k / 2));
        cv5 = Child("cv5", new Conv(settings, 4 * c3, c2));
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("c", width)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = cv1.call(x);
        Tensor b = cv2.call(a);
        Tensor c = cv3.call(b);
        return cv5.call(cat([a, b, c, cv4.call(c)], 1)).MoveToOuterDisposeScope();
    }
}
