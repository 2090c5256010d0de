using Xunit;
using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Tests.Files;

namespace YoloTune.Tests.Data;

/// <summary>Windows paths in double quotes.</summary>
public sealed class YamlEscapeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("path: \"C:\\data\"\ntrain: images/train\nnames: [a]\n", "line 1")]
    [InlineData("path: .\ntrain: \"C:\\Users\\me\\images\"\nnames: [a]\n", "line 2")]
    [InlineData("path: .\ntrain: \"D:\\train\"\nnames: [a]\n", "line 2")]
    [InlineData("train:\n  - images\n  - \"D:\\new\"\nnames: [a]\n", "line 3")]
    public void The_line_is_named_with_what_to_write(string yaml, string line)
    {
        File.WriteAllText(folder.File("data.yaml"), yaml);
        DatasetException error = Assert.Throws<DatasetException>(() => DatasetDescription.Load(folder.File("data.yaml")));
        Assert.Equal(line, error.Position);
        Assert.Contains("single quotes", error.Remedy);
    }

    [Fact]
    public void Other_mistakes_keep_their_remedy()
    {
        File.WriteAllText(folder.File("data.yaml"), "path: .\n\ttrain: images\n");
        Assert.DoesNotContain(
            "single quotes", Assert.Throws<DatasetException>(() => DatasetDescription.Load(folder.File("data.yaml"))).Remedy ?? "");
    }
}
