using Xunit;
using YoloTune.Images;

namespace YoloTune.Tests.Data;

public sealed class ImageStorageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4097)]
    [InlineData((640 * 480 * 4) + 64)]
    [InlineData((1 << 20) + 1)]
    [InlineData(50_000_000)]
    public void An_array_is_long_enough_and_little_longer(int length)
    {
        byte[] array = ImageStorage.Rent(length);
        Assert.InRange(array.Length, length, length + Math.Max(4096, length / 16));
        ImageStorage.Return(array);
    }

    [Fact]
    public void An_array_comes_back_and_is_never_given_twice()
    {
        // Other tests use the storage as well, but no image has this length.
        const int length = 1_234_567;
        byte[] first = ImageStorage.Rent(length), second = ImageStorage.Rent(length);
        Assert.NotSame(first, second);
        ImageStorage.Return(first);
        byte[] third = ImageStorage.Rent(length), fourth = ImageStorage.Rent(length);
        Assert.NotSame(third, fourth);
        Assert.NotSame(third, second);
        Assert.NotSame(fourth, second);
    }
}
