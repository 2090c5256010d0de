using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>Enlarges a feature map by an integer factor, nearest neighbour.</summary>
/// <param name="factor">The enlargement.</param>
internal sealed class Upsample(int factor) : Block(ReferencePath.Torch + "upsampling.Upsample")
{
    /// <summary>The enlargement.</summary>
    public int Factor { get; } = factor;

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
    [
        new("name", "Upsample"), new("size", null), new("scale_factor", (double)Factor), new("mode", "nearest"),
        new("align_corners", null), new("recompute_scale_factor", null),
    ];

    /// <summary>Maps [N, C, H, W] to [N, C, H · factor, W · factor].</summary>
    public override Tensor forward(Tensor x) =>
        nn.functional.interpolate(x, scale_factor: [Factor, Factor], mode: InterpolationMode.Nearest);
}

/// <summary>The largest value under a window.</summary>
/// <param name="kernel">Side of the window.</param>
/// <param name="stride">Step of the window.</param>
/// <param name="padding">Rows and columns added at each side.</param>
internal sealed class MaxPool2d(int kernel, int stride, int padding) : Block(ReferencePath.Torch + "pooling.MaxPool2d")
{
    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
    [
        new("kernel_size", kernel), new("stride", stride), new("padding", padding), new("dilation", 1), new("return_indices", false),
        new("ceil_mode", false),
    ];

    /// <inheritdoc />
    public override Tensor forward(Tensor x) =>
        nn.functional.max_pool2d(x, [kernel, kernel], [stride, stride], [padding, padding], [1, 1]);
}

/// <summary>Adds rows and columns of zeros.</summary>
/// <param name="left">Columns at the left.</param>
/// <param name="right">Columns at the right.</param>
/// <param name="top">Rows at the top.</param>
/// <param name="bottom">Rows at the bottom.</param>
internal sealed class ZeroPad2d(int left, int right, int top, int bottom) : Block(ReferencePath.Torch + "padding.ZeroPad2d")
{
    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
        [new("padding", new[] { left, right, top, bottom }), new("value", 0.0)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x) =>
        nn.functional.pad(x, new long[] { left, right, top, bottom }, PaddingModes.Constant, 0);
}

/// <summary>The mean of each channel, as a map of one pixel.</summary>
internal sealed class AdaptiveAvgPool2d() : Block(ReferencePath.Torch + "pooling.AdaptiveAvgPool2d")
{
    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("output_size", 1)];

    /// <summary>Maps [N, C, H, W] to [N, C, 1, 1].</summary>
    public override Tensor forward(Tensor x) => nn.functional.adaptive_avg_pool2d(x, 1);
}

/// <summary>Sets a fraction of the values to zero in training and raises the others so that their sum stays; 0 does nothing.</summary>
internal sealed class Dropout() : Block(ReferencePath.Torch + "dropout.Dropout")
{
    private Generator? generator;

    /// <summary>The fraction, 0 to below 1.</summary>
    public double Fraction { get; set; }

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("p", Fraction), new("inplace", true)];

    /// <summary>Begins a stream of draws of its own, so that what is left out depends on nothing else that draws.</summary>
    public void Seed(ulong seed)
    {
        generator?.Dispose();
        generator = new Generator(seed);
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        if (Fraction == 0 || !training) return x.alias();
        if (generator is null) Seed(0);
        using DisposeScope scope = NewDisposeScope();
        // On the processor whatever the device, so that a seed means the same everywhere.
        Tensor kept = rand(x.shape, dtype: float32, generator: generator).ge(Fraction).to(x.dtype).to(x.device);
        return (x * (kept / (1 - Fraction))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing) generator?.Dispose();
        base.Dispose(disposing);
    }
}
