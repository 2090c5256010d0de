using System.Runtime.InteropServices;
using Xunit;
using YoloTune.Basics;
using YoloTune.Devices;

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
}
