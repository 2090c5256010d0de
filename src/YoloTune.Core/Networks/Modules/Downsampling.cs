using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>Changes the width by a 1x1 convolution, then the size by a depthwise one (YOLOv10).</summary>
internal sealed class SCDown : Block
{
    private readonly Conv cv1;
    private readonly Conv cv2;

    /// <summary>Creates the block.</summary>
    public SCDown(BlockSettings settings, int c1, int c2, int k, int s) : base(ReferencePath.Block + "SCDown")
    {
        cv1 = Child("cv1", new Conv(settings, c1, c2));
        cv2 = Child("cv2", new Conv(settings, c2, c2, k, s, null, c2, act: false));
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using Tensor y = cv1.call(x);
        return cv2.call(y);
    }
}

/// <summary>Averages 2x2 pixels at stride 1, then convolves at stride 2 (YOLOv9).</summary>
internal sealed class AConv : Block
{
    private readonly Conv cv1;

    /// <summary>Creates the block.</summary>
    public AConv(BlockSettings settings, int c1, int c2) : base(ReferencePath.Block + "AConv") =>
        cv1 = Child("cv1", new Conv(settings, c1, c2, 3, 2, 1));

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using Tensor smooth = nn.functional.avg_pool2d(x, 2, 1, 0);
        return cv1.call(smooth);
    }
}

/// <summary>Halves the size: one half of the channels by a convolution, the other by max-pooling (YOLOv9).</summary>
internal sealed class ADown : Block
{
    private readonly Conv cv1;
    private readonly Conv cv2;
    private readonly int width;

    /// <summary>Creates the block.</summary>
    public ADown(BlockSettings settings, int c1, int c2) : base(ReferencePath.Block + "ADown")
    {
        width = c2 / 2;
        cv1 = Child("cv1", new Conv(settings, c1 / 2, width, 3, 2, 1));
        cv2 = Child("cv2", new Conv(settings, c1 / 2, width, 1, 1, 0));
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("c", width)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] halves = nn.functional.avg_pool2d(x, 2, 1, 0).chunk(2, 1);
        Tensor pooled = nn.functional.max_pool2d(halves[1], [3, 3], [2, 2], [1, 1], [1, 1]);
        return cat([cv1.call(halves[0]), cv2.call(pooled)], 1).MoveToOuterDisposeScope();
    }
}

/// <summary>One 1x1 convolution whose output is split into several maps (YOLOv9e's second backbone reads them).</summary>
internal sealed class CBLinear : Component<Tensor, IReadOnlyList<Tensor>>
{
    private readonly Conv2d conv;
    private readonly int[] widths;

    /// <summary>Creates the block; <paramref name="c2s"/> are the widths of the outputs.</summary>
    public CBLinear(BlockSettings settings, int c1, IReadOnlyList<int> c2s, int k = 1, int s = 1, int? p = null, int g = 1)
        : base(ReferencePath.Block + "CBLinear")
    {
        widths = [.. c2s];
        conv = Child("conv", new Conv2d(settings, c1, widths.Sum(), k, s, p ?? k / 2, 1, g));
    }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("c2s", widths.ToList())];

    /// <inheritdoc />
    public override IReadOnlyList<Tensor> forward(Tensor x)
    {
        using Tensor y = conv.call(x);
        return y.split([.. widths.Select(width => (long)width)], 1);
    }
}

/// <summary>Adds chosen maps of several <see cref="CBLinear"/> layers, resized, to the last input.</summary>
internal sealed class CBFuse : Component<IReadOnlyList<IReadOnlyList<Tensor>>, Tensor>
{
    private readonly int[] indices;

    /// <summary>Creates the block; entry j of <paramref name="idx"/> chooses the map of input j.</summary>
    public CBFuse(IReadOnlyList<int> idx) : base(ReferencePath.Block + "CBFuse") => indices = [.. idx];

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("idx", indices.ToList())];

    /// <summary>Takes the maps of each input; the last input has one map, which gives the size.</summary>
    public override Tensor forward(IReadOnlyList<IReadOnlyList<Tensor>> inputs)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor target = inputs[^1][0];
        long[] size = [target.shape[2], target.shape[3]];
        Tensor? sum = null;
        for (int j = 0; j < inputs.Count - 1; j++)
        {
            Tensor resized = nn.functional.interpolate(inputs[j][indices[j]], size, mode: InterpolationMode.Nearest);
            sum = sum is null ? resized : sum + resized;
        }
        return (sum is null ? target.alias() : sum + target).MoveToOuterDisposeScope();
    }
}
