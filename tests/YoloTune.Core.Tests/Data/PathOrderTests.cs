using Xunit;
using YoloTune.Basics;

namespace YoloTune.Tests.Data;

public sealed class PathOrderTests
{
    private static readonly string[] Names =
        ["a.jpg", "a/b.jpg", "a-b/1.jpg", "aB.jpg", "a_b.jpg", "a/Z.jpg", "a1.jpg", "ab.jpg", "a", "Ä.jpg"];

    [Fact]
    public void Images_have_one_order_on_all_systems()
    {
        string[] here = [.. Names.Order(StringComparer.Ordinal)];
        string[] windows = [.. Names.Select(name => name.Replace('/', '\\')).Order(PathOrder.Windows)];
        Assert.Equal(here, windows.Select(name => name.Replace('\\', '/')));
        // Without it a folder would come behind the files beside it.
        Assert.NotEqual(here, Names.Select(name =>
            name.Replace('/', '\\')).Order(StringComparer.Ordinal).Select(name => name.Replace('\\', '/')));
    }

    [Fact]
    public void This_systems_order_is_by_code_units() =>
        Assert.Equal(["B", "a", "a/b", "ab", "ä"], ((string[])["ä", "ab", "a/b", "a", "B"]).Order(PathOrder.Native));
}
