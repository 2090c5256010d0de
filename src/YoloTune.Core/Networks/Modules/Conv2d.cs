using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace YoloTune.Networks.Modules;

/// <summary>
/// A two-dimensional convolution. Its weights are float32; they are cast to the type of the input, so that a bfloat16 input makes a
/// bfloat16 convolution with float32 master weights.
/// </summary>
internal sealed class Conv2d : Block
{
    // The names are those of the state dict: moving a module to a device finds its fields by them.
    private Parameter weight;
    private Parameter? bias;

    /// <summary>Creates a convolution with weights [out, in / groups, rows, columns].</summary>
    public Conv2d(
        BlockSettings settings, int inChannels, int outChannels, Pair kernel, Pair? stride = null, Pair? padding = null,
        Pair? dilation = null, int groups = 1, bool bias = true)
        : base(ReferencePath.Torch + "conv.Conv2d")
    {
        if (groups < 1 || inChannels % groups != 0 || outChannels % groups != 0)
            throw new ArgumentException($"{inChannels} and {outChannels} channels cannot be divided into {groups} groups.", nameof(groups));
        (InChannels, OutChannels, Kernel, Groups) = (inChannels, outChannels, kernel, groups);
        (Stride, Padding, Dilation) = (stride ?? 1, padding ?? 0, dilation ?? 1);
        if (Math.Min(kernel.Rows, kernel.Columns) < 1 || Stride.Rows < 1 || Dilation.Rows < 1 || Padding.Rows < 0)
            throw new ArgumentException($"a kernel of {kernel.Rows}x{kernel.Columns} with stride {Stride.Rows} cannot be.", nameof(kernel));
        weight = Weight("weight", empty([outChannels, inChannels / groups, kernel.Rows, kernel.Columns], float32, settings.Device));
        if (bias) this.bias = Weight("bias", empty([outChannels], float32, settings.Device));
        if (settings.Initializer is not { } initializer) return;
        initializer.Default(weight, FanIn);
        if (this.bias is not null) initializer.Default(this.bias, FanIn);
    }

    /// <summary>Channels of the input.</summary>
    public int InChannels { get; }

    /// <summary>Channels of the output.</summary>
    public int OutChannels { get; }

    /// <summary>Size of the kernel.</summary>
    public Pair Kernel { get; }

    /// <summary>Step of the kernel.</summary>
    public Pair Stride { get; }

    /// <summary>Zeros added at each side.</summary>
    public Pair Padding { get; }

    /// <summary>Distance of the kernel's taps.</summary>
    public Pair Dilation { get; }

    /// <summary>Groups of channels that do not see each other.</summary>
    public int Groups { get; }

    /// <summary>The weights [out, in / groups, rows, columns], float32.</summary>
    public Parameter Kernels => weight;

    /// <summary>The bias [out], float32, or null.</summary>
    public Parameter? Bias => bias;

    internal long FanIn => (long)(InChannels / Groups) * Kernel.Rows * Kernel.Columns;

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
    [
        new("in_channels", InChannels), new("out_channels", OutChannels), new("kernel_size", Kernel.Tuple), new("stride", Stride.Tuple),
        new("padding", Padding.Tuple), new("dilation", Dilation.Tuple), new("transposed", false), new("output_padding", new[] { 0, 0 }),
        new("groups", Groups), new("padding_mode", "zeros"),
        new("_reversed_padding_repeated_twice", new[] { Padding.Columns, Padding.Columns, Padding.Rows, Padding.Rows }),
    ];

    /// <summary>Maps [N, in, H, W] to [N, out, H', W'].</summary>
    public override Tensor forward(Tensor x)
    {
        if (x.device_type == DeviceType.META) return Shape(x);
        if (x.dtype == weight.dtype)
            return nn.functional.conv2d(x, weight, bias, Stride.Longs, Padding.Longs, Dilation.Longs, Groups);
        using Tensor cast = weight.to(x.dtype);
        using Tensor? castBias = bias?.to(x.dtype);
        return nn.functional.conv2d(x, cast, castBias, Stride.Longs, Padding.Longs, Dilation.Longs, Groups);
    }

    internal void ToChannelsLast()
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        bool requiresGrad = weight.requires_grad;
        Tensor relaid = weight.detach().permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        weight.set_(relaid);
        weight.requires_grad = requiresGrad;
    }

    // Convolutions have no kernel for the meta device.
    private Tensor Shape(Tensor x)
    {
        long rows = Extent(x.shape[2], Kernel.Rows, Stride.Rows, Padding.Rows, Dilation.Rows);
        long columns = Extent(x.shape[3], Kernel.Columns, Stride.Columns, Padding.Columns, Dilation.Columns);
        return empty([x.shape[0], OutChannels, rows, columns], x.dtype, x.device);
    }

    private static long Extent(long size, int kernel, int stride, int padding, int dilation) =>
        ((size + (2 * padding) - (dilation * (kernel - 1)) - 1) / stride) + 1;
}
