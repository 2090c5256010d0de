using System.Text;
using Xunit;
using YoloTune.Basics;

namespace YoloTune.Tests.Basics;

public sealed class TextFileTests
{
    private const string Rows = "0 0.5 0.5 0.25 0.25\n1 0.5 0.5 0.5 0.5\n";

    public static TheoryData<string, bool> Encodings => new()
    {
        { "utf-8", false }, { "utf-8", true }, { "utf-16", false }, { "utf-16", true }, { "utf-16BE", false }, { "utf-16BE", true },
        { "utf-32", true }, { "iso-8859-1", false },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Rows_of_digits_are_read_in_every_encoding(string name, bool hasMark)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Rows)];
        Assert.Equal(Rows, TextFile.Decode(bytes));
    }

    [Fact]
    public void Letters_beyond_ASCII_that_are_not_UTF8_are_taken_for_Windows_1252()
    {
        Assert.Equal("Blüte", TextFile.Decode([(byte)'B', (byte)'l', 0xFC, (byte)'t', (byte)'e'], out bool isGuess));
        Assert.True(isGuess);
        Assert.Equal("Blüte", TextFile.Decode(Encoding.UTF8.GetBytes("Blüte"), out isGuess));
        Assert.False(isGuess);
    }

    [Fact]
    public void An_empty_file_is_empty() => Assert.Equal("", TextFile.Decode([]));
}
