using System.Text;
using System.Text.Json;
using Xunit;
using YoloTune.Commands.Tests.Hosting;
using YoloTune.Packaging;

namespace YoloTune.Commands.Tests.Packaging;

/// <summary>The audit against reports and sources of the test's own.</summary>
public sealed class AuditTests
{
    private const string Nothing = """{ "version": 1, "sources": ["A", "B"], "projects": [{ "path": "p" }] }""";

    [Fact]
    public void Without_data_nothing_is_claimed()
    {
        AuditResult result = Judge(Nothing, _ => "has no data.");
        Assert.Equal(AuditOutcome.Unknown, result.Outcome);
        Assert.Equal(["'A' has no data.", "'B' has no data."], result.Lines);
        Assert.Equal(AuditOutcome.Unknown, Judge("""{ "sources": [], "projects": [] }""", _ => null).Outcome);
    }

    [Fact]
    public void One_source_with_data_is_enough_and_the_other_is_named()
    {
        AuditResult result = Judge(Nothing, source => source == "A" ? null : "has no data.");
        Assert.Equal(AuditOutcome.Clean, result.Outcome);
        Assert.Equal(["'B' has no data."], result.Lines);
    }

    [Fact]
    public void A_vulnerable_package_is_named_with_its_advisory()
    {
        AuditResult result = Judge("""
            { "sources": ["A"], "projects": [{ "path": "p", "frameworks": [{ "framework": "net8.0",
              "topLevelPackages": [{ "id": "Fine", "resolvedVersion": "1.0.0" }],
              "transitivePackages": [{ "id": "Bad", "resolvedVersion": "2.0.0",
                "vulnerabilities": [{ "severity": "High", "advisoryurl": "https://advisories.example.org/1" }] }] }] }] }
            """, _ => null);
        Assert.Equal(AuditOutcome.Vulnerable, result.Outcome);
        Assert.Equal(["Bad 2.0.0: High, https://advisories.example.org/1"], result.Lines);
    }

    [Theory]
    [InlineData("""{ "resources": [{ "@id": "SERVER/pages", "@type": "VulnerabilityInfo/6.7.0" }] }""", """[{ "@name": "base" }]""", null)]
    [InlineData("""{ "resources": [{ "@id": "SERVER/pages", "@type": "VulnerabilityInfo/6.7.0" }] }""", "[]", "empty list")]
    [InlineData("""{ "resources": [{ "@id": "SERVER/x", "@type": "PackageBaseAddress/3.0.0" }] }""", "", "no data")]
    [InlineData("""{ "nothing": 1 }""", "", "did not tell")]
    [InlineData("<html>", "", "did not tell")]
    public void A_source_is_asked_whether_it_knows_vulnerabilities(string index, string pages, string? expected)
    {
        FileServer? server = null;
        using FileServer running = new(call => new("200 OK",
            Encoding.UTF8.GetBytes(call.Target == "/index.json"
                ? index.Replace("SERVER", server!.Address, StringComparison.Ordinal)
                : pages)));
        server = running;
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false });
        string? answer = VulnerabilityAudit.AskSource(client, $"{server.Address}/index.json");
        if (expected is null) Assert.Null(answer);
        else Assert.Contains(expected, answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_cannot_be_reached_or_is_a_folder_cannot_tell()
    {
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false });
        Assert.Contains("did not tell", VulnerabilityAudit.AskSource(client, "http://127.0.0.1:9/index.json"), StringComparison.Ordinal);
        Assert.Contains("folder", VulnerabilityAudit.AskSource(client, "/packages"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_no_known_package_is_an_error()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("lib"));
        folder.File(Path.Combine("lib", "Stranger.dll"), "x");
        string assets = folder.File("project.assets.json", """
            { "packageFolders": {}, "libraries": {}, "targets": { "net8.0": {} }, "project": { "frameworks": { "net8.0": {} } } }
            """);
        PackagingException exception = Assert.Throws<PackagingException>(() => ModuleContent.Read(folder.Path, assets));
        Assert.Contains("lib/Stranger.dll", exception.Message, StringComparison.Ordinal);
    }

    private static AuditResult Judge(string report, Func<string, string?> ask)
    {
        using JsonDocument document = JsonDocument.Parse(report);
        return VulnerabilityAudit.Judge(document.RootElement, ask);
    }
}
