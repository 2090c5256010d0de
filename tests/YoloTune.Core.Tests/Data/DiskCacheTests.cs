using Xunit;
using YoloTune.Basics;
using YoloTune.Images;
using YoloTune.Tests.Files;

namespace YoloTune.Tests.Data;

public sealed class DiskCacheTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_image_that_cannot_be_kept_is_decoded_again(bool denied)
    {
        using TemporaryFolder folder = new();
        using DiskCache cache = new(folder.File("cache"), bound: null);
        using ImageBuffer image = ImageBuffer.Rent(2, 3);
        using (new Refusing(denied ? new UnauthorizedAccessException("Access to the path is denied.") : new IOException("It is open.")))
            cache.Write("a", image);
        Assert.Null(cache.TryRead("a"));
        Assert.Empty(Directory.EnumerateFiles(folder.File("cache")));
        cache.Write("a", image);
        using ImageBuffer? read = cache.TryRead("a");
        Assert.Equal(image.Bytes.ToArray(), read!.Bytes.ToArray());
    }

    [Fact]
    public void The_room_of_a_folder_is_found_where_the_system_says_it()
    {
        using TemporaryFolder folder = new();
        Assert.InRange(DiskSpace.Free(folder.File(".")), 1, long.MaxValue - 1);
    }

    // A share of Windows (\\server\share) has no drive letter; a device of another kind says nothing at all.
    [Fact]
    public void Where_the_system_does_not_say_there_is_no_limit() =>
        Assert.Equal(long.MaxValue, DiskSpace.Free(OperatingSystem.IsWindows() ? @"\\?\Q:\missing" : "/proc"));

    private sealed class Refusing : FileLayer, IDisposable
    {
        private readonly FileLayer before = Current;
        private readonly Exception error;

        public Refusing(Exception error)
        {
            this.error = error;
            Current = this;
        }

        public override void Replace(string source, string target) => throw error;

        public void Dispose() => Current = before;
    }
}
