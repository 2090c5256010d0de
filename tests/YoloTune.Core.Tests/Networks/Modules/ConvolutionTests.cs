using TorchSharp;
using Xunit;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Tests.Networks.Modules;

/// <summary>
/// oneDNN computes some of these wrong on some processors (see NativeEnvironment); what the network gives has to be right on every machine
/// that runs the tests.
/// </summary>
public sealed class ConvolutionTests
{
    [Theory]
    [InlineData(64, 80, 1, 1, 1)]
    [InlineData(80, 80, 1, 1, 1)]
    [InlineData(64, 100, 1, 1, 1)]
    [InlineData(64, 112, 1, 1, 1)]
    [InlineData(64, 3, 1, 1, 1)]
    [InlineData(3, 8, 3, 2, 1)]
    [InlineData(8, 16, 3, 2, 1)]
    [InlineData(16, 16, 3, 1, 1)]
    [InlineData(64, 80, 3, 1, 1)]
    [InlineData(80, 80, 3, 1, 80)]
    [InlineData(64, 64, 3, 2, 64)]
    public void Results_and_gradients_equal_those_in_float64(int input, int output, int kernel, int stride, int groups)
    {
        using DisposeScope scope = NewDisposeScope();
        using Conv2d convolution = new(
            new BlockSettings { Initializer = new(3) }, input, output, kernel, stride, kernel / 2, groups: groups, bias: false);
        Tensor values = randn([4, input, 20, 20], generator: new Generator(5));
        Tensor exact = values.to(float64).requires_grad_(), weight = convolution.Kernels.detach().to(float64).requires_grad_();
        Tensor expected = nn.functional.conv2d(
            exact, weight, null, [stride, stride], [kernel / 2, kernel / 2], groups: groups);
        Tensor gradient = randn(expected.shape, generator: new Generator(7));
        expected.backward([gradient.to(float64)]);
        convolution.ToChannelsLast();
        Tensor x = Lay(values).requires_grad_();
        Tensor y = convolution.call(x);
        y.backward([Lay(gradient)]);
        // Sums of up to 6400 products in float32; a fault of the kernels is of the size of the results.
        const double tolerance = 1e-4;
        Assert.True(Distance(y, expected) < tolerance);
        Assert.True(Distance(x.grad!, exact.grad!) < tolerance);
        Assert.True(Distance(convolution.Kernels.grad!, weight.grad!) < tolerance);
    }

    private static Tensor Lay(Tensor map) => map.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).detach();

    /// <summary>The largest difference, as a fraction of the largest value.</summary>
    private static double Distance(Tensor actual, Tensor expected) =>
        ((actual.to(float64) - expected).abs().max() / expected.abs().max()).ToDouble();
}
