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

/// <summary>Sets a share of the values to zero in training; a fraction of 0 does nothing.</summary>
/// <param name="share">0 to 1.</param>
internal sealed class Dropout(double share) : Block(ReferencePath.Torch + "dropout.Dropout")
{
    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("p", share), new("inplace", true)];

    /// <inheritdoc />
    public override Tensor forward(Tensor x) => share == 0 ? x.alias() : nn.functional.dropout(x, share, training);
}
