using Xunit;
using YoloTune.Basics;

namespace YoloTune.Tests.Basics;

public sealed class DurationsTests
{
    [Theory]
    [InlineData(0, "0.0s")]
    [InlineData(8.44, "8.4s")]
    [InlineData(9.97, "10s")]
    [InlineData(59.6, "1m00s")]
    [InlineData(185, "3m05s")]
    [InlineData(3599.6, "1h00m")]
    [InlineData(11_700, "3h15m")]
    [InlineData(86_399, "1d00h")]
    [InlineData(187_200, "2d04h")]
    [InlineData(-3, "0.0s")]
    [InlineData(double.NaN, "0.0s")]
    [InlineData(double.PositiveInfinity, "0.0s")]
    public void Durations_have_their_two_largest_units(double seconds, string text) => Assert.Equal(text, Durations.Short(seconds));

    [Theory]
    [InlineData("runs/train", 10, "runs/train")]
    [InlineData("/data/birds/data.yaml", 11, "/data\u2026.yaml")]
    [InlineData("abcdef", 2, "ab")]
    [InlineData("abcdef", 3, "a\u2026f")]
    [InlineData("\ud83d\udc26\ud83d\udc26\ud83d\udc26", 4, "\ud83d\udc26\u2026")]
    public void Texts_are_shortened_in_the_middle(string text, int length, string shown) =>
        Assert.Equal(shown, MiddleCut.Shorten(text, length));
}
