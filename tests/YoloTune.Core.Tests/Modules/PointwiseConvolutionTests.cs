using TorchSharp;
using Xunit;
using YoloTune.Kernels;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Tests.Modules;

/// <summary>oneDNN computes some of these wrong on some processors; what the network gives has to be right on every machine.</summary>
public sealed class PointwiseConvolutionTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(112)]
    [InlineData(96)]
    [InlineData(64)]
    public void A_1x1_convolution_equals_its_float64_result_forward_and_backward(int output)
    {
        using DisposeScope scope = NewDisposeScope();
        using Conv2d convolution = new(new BlockSettings { Initializer = new(3) }, 64, output, 1);
        Tensor values = randn([4, 64, 20, 20], generator: new Generator(5));
        Tensor x = values.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).requires_grad_();
        Tensor exact = values.to(float64).requires_grad_(), weight = convolution.Kernels.detach().to(float64).requires_grad_();
        convolution.ToChannelsLast();
        Tensor y = convolution.call(x), expected = nn.functional.conv2d(exact, weight, convolution.Bias!.detach().to(float64));
        y.square().sum().backward();
        expected.square().sum().backward();
        // Sums of 64 products of float32 numbers near 1; the fault is of the size of the results.
        Assert.True((y.to(float64) - expected).abs().max().ToDouble() < 1e-4);
        Assert.True((x.grad!.to(float64) - exact.grad!).abs().max().ToDouble() < 1e-3);
        Assert.True((convolution.Kernels.grad!.to(float64) - weight.grad!).abs().max().ToDouble() < 0.05);
        Assert.True(ChannelsLast.Is(y));
    }
}
