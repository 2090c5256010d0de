using Xunit;
using YoloTune.Basics;

namespace YoloTune.Tests.Basics;

public sealed class CountedTests
{
    [Theory]
    [InlineData(1, "class", "1 class")]
    [InlineData(2, "class", "2 classes")]
    [InlineData(0, "box", "0 boxes")]
    [InlineData(3, "batch", "3 batches")]
    [InlineData(3, "epoch", "3 epochs")]
    [InlineData(1200, "image", "1200 images")]
    [InlineData(2, "entry", "2 entries")]
    [InlineData(2, "label row", "2 label rows")]
    public void A_noun_follows_its_number(long count, string noun, string expected) => Assert.Equal(expected, Counted.Of(count, noun));
}
