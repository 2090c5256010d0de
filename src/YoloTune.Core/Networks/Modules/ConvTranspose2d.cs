using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace YoloTune.Networks.Modules;

/// <summary>A transposed convolution, which enlarges feature maps. Weights are cast to the input's type.</summary>
internal sealed class ConvTranspose2d : Block
{
    private Parameter weight;
    private Parameter? bias;

    /// <summary>Creates a transposed convolution with weights [in, out, k, k].</summary>
    public ConvTranspose2d(
        BlockSettings settings, int inChannels, int outChannels, int kernel, int stride = 1, int padding = 0, bool bias = true)
        : base(ReferencePath.Torch + "conv.ConvTranspose2d")
    {
        (InChannels, OutChannels, Kernel, Stride, Padding) = (inChannels, outChannels, kernel, stride, padding);
        weight = Weight("weight", empty([inChannels, outChannels, kernel, kernel], float32, settings.Device));
        if (bias) this.bias = Weight("bias", empty([outChannels], float32, settings.Device));
        if (settings.Initializer is not { } initializer) return;
        long fan = (long)outChannels * kernel * kernel;
        initializer.Default(weight, fan);
        if (this.bias is not null) initializer.Default(this.bias, fan);
    }

    /// <summary>Channels of the input.</summary>
    public int InChannels { get; }

    /// <summary>Channels of the output.</summary>
    public int OutChannels { get; }

    /// <summary>Size of the kernel, both ways.</summary>
    public int Kernel { get; }

    /// <summary>Enlargement.</summary>
    public int Stride { get; }

    /// <summary>Rows and columns cut off at each side.</summary>
    public int Padding { get; }

    /// <summary>The weights [in, out, k, k], float32.</summary>
    public Parameter Kernels => weight;

    /// <summary>The bias [out], float32, or null.</summary>
    public Parameter? Bias => bias;

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
    [
        new("in_channels", InChannels), new("out_channels", OutChannels), new("kernel_size", ((Pair)Kernel).Tuple),
        new("stride", ((Pair)Stride).Tuple), new("padding", ((Pair)Padding).Tuple), new("dilation", new[] { 1, 1 }),
        new("transposed", true), new("output_padding", new[] { 0, 0 }), new("groups", 1), new("padding_mode", "zeros"),
        new("_reversed_padding_repeated_twice", new[] { Padding, Padding, Padding, Padding }),
    ];

    /// <summary>Maps [N, in, H, W] to [N, out, (H - 1) · stride - 2 · padding + k, ...].</summary>
    public override Tensor forward(Tensor x)
    {
        if (x.device_type == DeviceType.META)
            return empty([x.shape[0], OutChannels, Extent(x.shape[2]), Extent(x.shape[3])], x.dtype, x.device);
        using Tensor? cast = x.dtype == weight.dtype ? null : weight.to(x.dtype);
        using Tensor? castBias = x.dtype == weight.dtype ? null : bias?.to(x.dtype);
        return nn.functional.conv_transpose2d(x, cast ?? weight, castBias ?? bias, [Stride, Stride], [Padding, Padding], [0, 0], [1, 1], 1);
    }

    private long Extent(long size) => ((size - 1) * Stride) - (2 * Padding) + Kernel;
}
