using TorchSharp;
using Xunit;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Tests.Networks.Modules;

public sealed class BatchNorm2dTests
{
    [Fact]
    public void Training_updates_the_statistics_and_the_counter()
    {
        using DisposeScope scope = NewDisposeScope();
        using BatchNorm2d norm = new(new(), 4);
        norm.train();
        norm.call(ones([2, 4, 3, 3]) * 2);
        Assert.Equal(1, norm.BatchesTracked.ToInt64());
        // Momentum 0.03 of a mean of 2.
        Assert.Equal(0.06, norm.RunningMean[0].ToDouble(), 1e-6);
    }

    [Fact]
    public void Kept_statistics_are_used_and_stay_bit_identical_in_training_mode()
    {
        using DisposeScope scope = NewDisposeScope();
        using BatchNorm2d norm = new(new(), 4) { KeepStatistics = true };
        Tensor x = (arange(72, float32) / 10).view(2, 4, 3, 3);
        norm.eval();
        Tensor expected = norm.call(x);
        norm.train();
        Assert.True(norm.call(x).equal(expected).all().ToBoolean());
        Assert.Equal(0, norm.BatchesTracked.ToInt64());
        Assert.Equal(0, norm.RunningMean.abs().sum().ToDouble());
        Assert.True(norm.RunningVariance.equal(ones(4)).all().ToBoolean());
    }

    [Fact]
    public void A_bfloat16_input_leaves_weights_and_statistics_in_float32()
    {
        using DisposeScope scope = NewDisposeScope();
        using BatchNorm2d norm = new(new(), 4);
        norm.train();
        Tensor x = (arange(72, float32) / 10).view(2, 4, 3, 3).to(bfloat16);
        Tensor y = norm.call(x);
        y.to(float32).sum().backward();
        Assert.Equal(ScalarType.BFloat16, y.dtype);
        Assert.Equal(ScalarType.Float32, norm.RunningMean.dtype);
        Assert.Equal(ScalarType.Float32, norm.Gain.grad!.dtype);
    }
}
