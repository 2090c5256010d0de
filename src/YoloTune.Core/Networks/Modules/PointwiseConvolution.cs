using TorchSharp;
using YoloTune.Kernels;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>
/// A guard around one kernel of libtorch. oneDNN 3.7 computes wrong float32 results of 1x1 convolutions in the layout channels-last on some
/// processors (seen on virtual machines that hide the sizes of the caches) when the output channels are more than 64 and no multiple of 32,
/// as those of 80 classes are. There, the kernel is given output channels up to the next multiple of 32, which it computes correctly.
/// </summary>
internal static class PointwiseConvolution
{
    private const int Step = 32, Safe = 64;
    private static readonly Lazy<bool> IsFaulty = new(Check);

    /// <summary>Whether a convolution of float32 maps has to go through <see cref="Run"/> on this machine.</summary>
    public static bool IsNeeded(Conv2d convolution, Tensor x) =>
        convolution.OutChannels > Safe && convolution.OutChannels % Step != 0 && convolution.Groups == 1
        && convolution.Kernel is { Rows: 1, Columns: 1 } && x.dtype == ScalarType.Float32 && x.device_type == DeviceType.CPU
        && ChannelsLast.Is(x) && IsFaulty.Value;

    /// <summary>The convolution with output channels up to the next multiple of 32, cut to those that are wanted: [N, out, H', W'].</summary>
    public static Tensor Run(Conv2d convolution, Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        long added = Step - (convolution.OutChannels % Step);
        Tensor weight = ChannelsLast.Lay(nn.functional.pad(convolution.Kernels, [0, 0, 0, 0, 0, 0, 0, added]));
        Tensor? bias = convolution.Bias is { } own ? nn.functional.pad(own, [0, added]) : null;
        Tensor y = nn.functional.conv2d(
            x, weight, bias, convolution.Stride.Longs, convolution.Padding.Longs, convolution.Dilation.Longs, convolution.Groups);
        // What follows reads maps whose channels lie side by side.
        return ChannelsLast.Lay(y.narrow(1, 0, convolution.OutChannels)).MoveToOuterDisposeScope();
    }

    /// <summary>Compares the kernel with a matrix product of the same numbers.</summary>
    private static bool Check()
    {
        const int images = 2, input = 16, output = 80, side = 10;
        // Whole numbers of a few bits: both ways are exact, so that any difference is the fault.
        const int spread = 7;
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = (arange(images * side * side * input) % spread - (spread / 2)).to(float32).view(images * side * side, input);
        Tensor weight = (arange(output * input) % (spread + 4) - (spread / 2)).to(float32).view(output, input);
        Tensor map = rows.view(images, side, side, input).permute(0, 3, 1, 2);
        Tensor computed = nn.functional.conv2d(map, ChannelsLast.Lay(weight.view(output, input, 1, 1)));
        Tensor expected = matmul(rows, weight.t()).view(images, side, side, output).permute(0, 3, 1, 2);
        return (computed - expected).abs().max().ToDouble() > 0;
    }
}
