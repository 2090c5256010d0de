using Xunit;
using YoloTune.Basics;
using YoloTune.Downloads;
using YoloTune.Tests.Data;

namespace YoloTune.Tests.Downloads;

public sealed class PartFileTests
{
    [Fact]
    public void A_part_that_no_download_of_ours_has_begun_is_kept()
    {
        using TestFiles files = new();
        string part = files.Text("yolo11n.pt.part", "a download of a browser");
        using WeightsDownloader downloader = new(new() { ApiUri = null });
        Assert.Throws<OutputException>(() => downloader.Save(
            new("yolo11n", "v8.3.0", null), files.PathOf("yolo11n.pt"), new string('0', 64), overwrite: false, new(),
            CancellationToken.None));
        Assert.Equal("a download of a browser", File.ReadAllText(part));
    }
}
