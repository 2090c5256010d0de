using Xunit;
using YoloTune.Basics;
using YoloTune.Downloads;
using YoloTune.Files.Torch;

namespace YoloTune.Tests.Downloads;

public sealed class ArchiveCheckTests
{
    [SkippableFact]
    public void An_archive_of_torch_is_whole_and_with_one_bit_changed_it_is_not()
    {
        string source = Shared.Path("data/weights/yolo11n.pt");
        Assert.True(ArchiveCheck.Verify(source, CancellationToken.None) > 300);

        string copy = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");
        try
        {
            byte[] bytes = File.ReadAllBytes(source);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(copy, bytes);
            ModelFormatException exception = Assert.Throws<ModelFormatException>(() => ArchiveCheck.Verify(copy, CancellationToken.None));
            Assert.Contains("CRC-32", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(copy);
        }
    }
}
