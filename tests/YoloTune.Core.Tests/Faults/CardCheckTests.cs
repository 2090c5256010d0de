using System.Runtime.InteropServices;
using Xunit;
using YoloTune.Basics;
using YoloTune.Devices;
using YoloTune.Runs;
using YoloTune.Training;

namespace YoloTune.Tests.Faults;

public sealed class CardCheckTests
{
    private static readonly DeviceInfo[] Cards =
    [
        new("cuda:0", "NVIDIA H100", 80L << 30, BFloat16: true, ComputeCapability: "9.0"),
        new("cuda:1", "NVIDIA GeForce GTX 960", 4L << 30, BFloat16: false, ComputeCapability: "5.2"),
    ];

    [Fact]
    public void A_card_without_kernels_is_named_with_its_capability_and_the_remedy()
    {
        SelectionException error = Assert.Throws<SelectionException>(() => CardCheck.Require(
            1, () => throw new ExternalException("CUDA error: no kernel image is available for execution on the device"), () => Cards));
        Assert.Contains("'NVIDIA GeForce GTX 960', compute capability 5.2", error.Message, StringComparison.Ordinal);
        Assert.Contains("cuda:1", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Device cpu", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_error_of_the_card_is_not_taken_for_it()
    {
        ExternalException error = new("CUDA error: out of memory");
        Assert.Same(error, Assert.Throws<ExternalException>(() => CardCheck.Require(0, () => throw error, () => Cards)));
    }

    [Fact]
    public void A_card_that_computes_is_taken() => CardCheck.Require(0, () => { }, () => Cards);

    [Theory]
    [InlineData("NVIDIA H100", 9, 0, Precision.BFloat16)]
    [InlineData("NVIDIA A100", 8, 0, Precision.BFloat16)]
    [InlineData("Tesla T4", 7, 5, Precision.Float16)]
    [InlineData("Tesla V100-SXM2-16GB", 7, 0, Precision.Float16)]
    [InlineData("NVIDIA GeForce GTX 1660 Ti", 7, 5, Precision.Float32)]
    [InlineData("NVIDIA T1000", 7, 5, Precision.Float32)]
    [InlineData("NVIDIA GeForce GTX 1080", 6, 1, Precision.Float32)]
    public void The_automatic_precision_of_a_card_is_what_it_has_in_hardware(string name, int major, int minor, Precision expected)
    {
        DeviceInfo card = DeviceInfo.Card(1, name, 8L << 30, major, minor);
        Assert.Equal("cuda:1", card.Name);
        Assert.Equal($"{major}.{minor}", card.ComputeCapability);
        Assert.Equal(expected, PrecisionResolver.Fastest(card));
    }
}
