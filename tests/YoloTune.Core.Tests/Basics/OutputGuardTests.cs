using Xunit;
using YoloTune.Basics;
using YoloTune.Tests.Data;

namespace YoloTune.Tests.Basics;

public sealed class OutputGuardTests : IDisposable
{
    private readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void A_file_that_is_there_is_replaced_only_with_Force()
    {
        string path = files.Text("mine.txt", "mine");
        Assert.Contains("-Force", Assert.Throws<OutputException>(() => new OutputGuard(force: false).Require(path)).Message,
            StringComparison.Ordinal);
        new OutputGuard(force: true).Require(path);
        new OutputGuard(force: false).Require(files.PathOf("new.txt"));
    }

    [Fact]
    public void A_file_that_this_call_wrote_may_be_written_again()
    {
        OutputGuard guard = new(force: false);
        string path = files.PathOf("a.txt");
        guard.Require(path);
        File.WriteAllText(path, "first");
        guard.Written(path);
        guard.Require(path);
    }

    [Fact]
    public void An_input_is_never_replaced_under_whatever_name_it_is_reached()
    {
        string photo = files.Image("photos/a.jpg");
        Directory.CreateSymbolicLink(files.PathOf("link"), files.PathOf("photos"));
        File.CreateSymbolicLink(files.PathOf("other.jpg"), photo);
        OutputGuard guard = new(force: true, [photo]);
        foreach (string path in (string[])[photo, files.PathOf("link/a.jpg"), files.PathOf("other.jpg"),
            files.PathOf("photos/../photos/a.jpg")])
            Assert.True(Assert.Throws<OutputException>(() => guard.Require(path)).IsInput, path);
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_a_file_too()
    {
        File.CreateSymbolicLink(files.PathOf("dangling.pt"), files.PathOf("gone.pt"));
        Assert.Throws<OutputException>(() => new OutputGuard(force: false).Require(files.PathOf("dangling.pt")));
    }

    [Fact]
    public void Folders_overlap_through_links()
    {
        Directory.CreateDirectory(files.PathOf("a/b"));
        Directory.CreateSymbolicLink(files.PathOf("c"), files.PathOf("a/b"));
        Assert.True(RealPath.Overlap(files.PathOf("c/deeper"), files.PathOf("a")));
        Assert.True(RealPath.Overlap(files.PathOf("a"), files.PathOf("c/deeper")));
        Assert.False(RealPath.Overlap(files.PathOf("a/b"), files.PathOf("a/bc")));
    }

    [Fact]
    public void A_link_to_itself_ends()
    {
        string self = files.PathOf("self");
        File.CreateSymbolicLink(self, self);
        Assert.NotNull(RealPath.Of(Path.Combine(self, "x")));
    }
}
