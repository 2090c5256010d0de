using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>Save-YoloModel against a server of the test's own.</summary>
public sealed partial class SaveYoloModelTests : IClassFixture<SaveYoloModelTests.Checkpoint>
{
    private const string File = "yolov9t.pt";

    /// <summary>Yolov9t has no known SHA-256, so that a small file can stand for it.</summary>
    private const string Save = "Save-YoloModel yolov9t $folder -BaseUri $server -NoProxy -MaximumRetryCount 0 -TimeoutSeconds 30 ";

    private readonly byte[] content;
    private readonly string sha256;

    public SaveYoloModelTests(Checkpoint checkpoint)
    {
        content = checkpoint.Content;
        sha256 = Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();
    }

    [Fact]
    public void A_whole_download_can_be_imported()
    {
        using Scene scene = new(call => HttpAnswer.File(call, content, "a"));
        HostResult result = scene.Run("$saved = " + Save + "; $saved; $saved | Import-YoloModel");

        Assert.Empty(result.Errors);
        PSObject saved = result.Output[0];
        Assert.Equal(scene.Path(File), saved.Properties["Path"].Value);
        Assert.Equal("yolov9t", saved.Properties["Name"].Value);
        Assert.Equal((long)content.Length, saved.Properties["Bytes"].Value);
        Assert.Equal(sha256, saved.Properties["Sha256"].Value);
        Assert.Equal("Crc32", saved.Properties["Verified"].Value.ToString());
        Assert.Equal("AGPL-3.0", saved.Properties["Licence"].Value);
        Assert.Equal($"{scene.Server.Address}/v8.3.0/yolov9t.pt", saved.Properties["Source"].Value.ToString());
        Assert.Equal(content, System.IO.File.ReadAllBytes(scene.Path(File)));
        Assert.Equal([File], scene.Files);
        Assert.Equal("YoloModel", result.Output[1].BaseObject.GetType().Name);
        Assert.Single(result.Information, line =>
            line.Contains("AGPL-3.0", StringComparison.Ordinal) && line.Contains("Enterprise", StringComparison.Ordinal));
        Assert.Equal(ProgressRecordType.Completed, result.Progress[^1].RecordType);
    }

    [Fact]
    public void The_licence_is_told_once_for_several_files()
    {
        using Scene scene = new(call => HttpAnswer.File(call, content, "a"));
        HostResult result = scene.Run(Save.Replace("yolov9t", "yolov9[ts]", StringComparison.Ordinal));
        Assert.Empty(result.Errors);
        Assert.Equal(["yolov9t", "yolov9s"], result.Output.Select(saved => saved.Properties["Name"].Value));
        Assert.Single(result.Information);
    }

    [Fact]
    public void A_download_that_broke_off_goes_on_and_asks_only_for_the_rest()
    {
        int half = content.Length / 2;
        bool isBroken = true;
        using Scene scene = new(call => HttpAnswer.File(call, content, "a") with { SentBytes = isBroken ? half : null });

        ErrorRecord error = scene.Run(Save).Error;
        Assert.StartsWith("DownloadConnection,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(scene.Path(File)));
        Assert.Equal(half, new FileInfo(scene.Path(File + ".part")).Length);

        isBroken = false;
        HostResult result = scene.Run(Save + "-Verbose");
        Assert.Empty(result.Errors);
        Assert.Equal(content, System.IO.File.ReadAllBytes(scene.Path(File)));
        Assert.Equal([File], scene.Files);
        Assert.Equal(2, scene.Server.Calls.Count);
        Assert.Equal($"bytes={half}-", scene.Server.Calls[1].Headers["Range"]);
        Assert.Equal("\"a\"", scene.Server.Calls[1].Headers["If-Range"]);
        Assert.Contains(result.Verbose, text => text.Contains($"{half} bytes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_broken_connection_is_taken_up_again_by_itself()
    {
        int count = 0;
        using Scene scene =
            new(call => HttpAnswer.File(call, content, "a") with { SentBytes = Interlocked.Increment(ref count) == 1 ? 1000 : null });
        HostResult result = scene.Run(Save.Replace("Count 0", "Count 2 -RetryIntervalSeconds 0", StringComparison.Ordinal));
        Assert.Empty(result.Errors);
        Assert.Equal(sha256, result.Single.Properties["Sha256"].Value);
        Assert.Equal([0, 1000], scene.Server.Calls.Select(call => call.From));
    }

    [Fact]
    public void A_file_that_has_changed_on_the_server_is_fetched_anew()
    {
        string tag = "old";
        byte[] former = new byte[content.Length];
        using Scene scene = new(call => tag == "old"
            ? HttpAnswer.File(call, former, tag) with { SentBytes = 500 }
            : HttpAnswer.File(call, content, tag));
        Assert.Single(scene.Run(Save).Errors);
        tag = "new";

        HostResult result = scene.Run(Save + "-Verbose");

        Assert.Empty(result.Errors);
        Assert.Equal("\"old\"", scene.Server.Calls[1].Headers["If-Range"]);
        Assert.Equal(content, System.IO.File.ReadAllBytes(scene.Path(File)));
        Assert.Contains(result.Verbose, text => text.Contains("has changed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_part_without_an_ETag_is_not_gone_on_with()
    {
        using Scene scene = new(_ => new HttpAnswer("200 OK", content) { SentBytes = 500 });
        Assert.Single(scene.Run(Save).Errors);
        Assert.Single(scene.Run(Save).Errors);
        Assert.All(scene.Server.Calls, call => Assert.DoesNotContain("Range", call.Headers.Keys));
    }

    [Fact]
    public void A_part_that_is_whole_already_is_checked_and_gets_its_name()
    {
        using Scene scene =
            new(call => HttpAnswer.File(call, content, "a") with { SentBytes = call.From == 0 ? content.Length - 1 : null });
        Assert.Single(scene.Run(Save).Errors);
        System.IO.File.WriteAllBytes(scene.Path(File + ".part"), content);
        Assert.Empty(scene.Run(Save).Errors);
        Assert.Equal([File], scene.Files);
    }

    [Theory]
    [InlineData("-Sha256 ('0' * 64)")]
    [InlineData("-ApiUri \"$server/api\"")]
    public void A_file_with_another_checksum_does_not_stay(string how)
    {
        using Scene scene = new(call => call.Target.StartsWith("/api", StringComparison.Ordinal)
            ? Release(new string('0', 64)) : HttpAnswer.File(call, content, "a"));
        HostResult result = scene.Run(Save + how);
        Assert.StartsWith("DownloadChecksum,", result.Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(sha256, result.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Empty(scene.Files);
    }

    [Theory]
    [InlineData("-Sha256 $sha256.ToUpperInvariant()", 1)]
    [InlineData("-ApiUri \"$server/api\"", 2)]
    public void A_file_with_the_expected_checksum_says_so(string how, int requests)
    {
        using Scene scene = new(call => call.Target == "/api/releases/tags/v8.3.0" ? Release(sha256) : HttpAnswer.File(call, content, "a"));
        scene.Host.Set("sha256", sha256);
        HostResult result = scene.Run(Save + how);
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.Equal("Sha256", result.Single.Properties["Verified"].Value.ToString());
        Assert.Equal(requests, scene.Server.Calls.Count);
    }

    [Fact]
    public void A_known_checksum_is_checked_without_being_asked_for()
    {
        using Scene scene = new(call => HttpAnswer.File(call, content, "a"));
        ErrorRecord error = scene.Run(Save.Replace("yolov9t", "yolo11n", StringComparison.Ordinal)).Error;
        Assert.StartsWith("DownloadChecksum,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        // It is known for one release; of another nothing is known.
        Assert.Empty(scene.Run(Save.Replace("yolov9t", "yolo11n -Tag v0.0.1", StringComparison.Ordinal)).Errors);
        Assert.Equal("/v0.0.1/yolo11n.pt", scene.Server.Calls[^1].Target);
    }

    [Theory]
    [InlineData("403 rate limit exceeded")]
    [InlineData("200 OK")]
    public void An_API_without_an_answer_is_a_warning(string status)
    {
        using Scene scene = new(call => call.Target.StartsWith("/api", StringComparison.Ordinal)
            ? new(status, Encoding.UTF8.GetBytes("<html>")) : HttpAnswer.File(call, content, "a"));
        HostResult result = scene.Run(Save + "-ApiUri \"$server/api\"");
        Assert.Empty(result.Errors);
        Assert.Contains("/api/releases/tags/v8.3.0", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal("Crc32", result.Single.Properties["Verified"].Value.ToString());
    }

    [Fact]
    public void The_MD5_of_the_server_is_checked()
    {
        string md5 = Convert.ToBase64String(MD5.HashData(content));
        using Scene scene = new(call => new("200 OK", content, "Content-MD5: " + (call.Target.Contains("yolov9t", StringComparison.Ordinal)
            ? md5 : Convert.ToBase64String(new byte[16]))));
        HostResult result = scene.Run(Save.Replace("yolov9t", "yolov9[ts]", StringComparison.Ordinal));
        Assert.StartsWith("DownloadChecksum,", result.Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("Md5", result.Single.Properties["Verified"].Value.ToString());
    }

    public enum Damage
    {
        CutShort,
        OneByte,
        WebPage,
    }

    [Theory]
    [InlineData(Damage.CutShort)]
    [InlineData(Damage.OneByte)]
    [InlineData(Damage.WebPage)]
    public void A_damaged_file_never_gets_its_name(Damage damage)
    {
        byte[] sent = damage switch
        {
            Damage.CutShort => content[..^100],
            Damage.OneByte =>
                [.. content[..(content.Length / 2)], (byte)~content[content.Length / 2], .. content[(content.Length / 2 + 1)..]],
            _ => Encoding.UTF8.GetBytes("<html><body>Please log in to this network.</body></html>"),
        };
        // Without Content-Length the end of the connection is the end of the file.
        using Scene scene = new(_ => new HttpAnswer("200 OK", sent) { ClaimedLength = -1 });
        ErrorRecord error = scene.Run(Save).Error;
        Assert.StartsWith("DownloadChecksum,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(scene.Files);
    }

    [Theory]
    [InlineData("404 Not Found", "DownloadNotFound", 1)]
    [InlineData("403 Forbidden", "DownloadRefused", 1)]
    [InlineData("407 Proxy Authentication Required", "DownloadRefused", 1)]
    [InlineData("429 Too Many Requests", "DownloadRateLimit", 1)]
    [InlineData("503 Service Unavailable", "DownloadServer", 3)]
    public void An_answer_that_is_no_file_is_an_error(string status, string id, int requests)
    {
        using Scene scene = new(_ => new(status, []));
        ErrorRecord error = scene.Run(Save.Replace("Count 0", "Count 2 -RetryIntervalSeconds 0", StringComparison.Ordinal)).Error;
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("/v8.3.0/yolov9t.pt", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("yolov9t", error.TargetObject);
        Assert.Equal(requests, scene.Server.Calls.Count);
        Assert.Empty(scene.Files);
    }

    [Fact]
    public void A_rate_limit_says_when_it_ends()
    {
        using Scene scene = new(_ => new("403 Forbidden", [], "x-ratelimit-remaining: 0", "x-ratelimit-reset: 1767225600"));
        ErrorRecord error = scene.Run(Save).Error;
        Assert.StartsWith("DownloadRateLimit,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("2026-01-01 00:00:00 UTC", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_error_that_passes_is_waited_for()
    {
        int count = 0;
        using Scene scene =
            new(call => Interlocked.Increment(ref count) < 3 ? new("502 Bad Gateway", []) : HttpAnswer.File(call, content, "a"));
        HostResult result = scene.Run(Save.Replace("Count 0", "Count 4 -RetryIntervalSeconds 0", StringComparison.Ordinal) + "-Verbose");
        Assert.Empty(result.Errors);
        Assert.Equal(3, scene.Server.Calls.Count);
        Assert.Contains(result.Verbose, text => text.Contains("Attempt 3 of 5", StringComparison.Ordinal));
    }

    [Fact]
    public void A_redirect_is_followed_with_the_range()
    {
        bool isBroken = true;
        using Scene scene = new(call => call.Target.StartsWith("/store", StringComparison.Ordinal)
            ? HttpAnswer.File(call, content, "a") with { SentBytes = isBroken ? 700 : null }
            : new("302 Found", [], "Location: /store/file?signature=1"));
        Assert.Single(scene.Run(Save).Errors);
        isBroken = false;
        Assert.Empty(scene.Run(Save).Errors);
        Assert.Equal(["/v8.3.0/yolov9t.pt", "/store/file?signature=1", "/v8.3.0/yolov9t.pt", "/store/file?signature=1"],
            scene.Server.Calls.Select(call => call.Target));
        Assert.Equal(700, scene.Server.Calls[3].From);
    }

    [Fact]
    public void Stopping_keeps_the_part_and_says_so()
    {
        using ManualResetEvent hold = new(false);
        bool isSlow = true;
        using Scene scene = new(call => isSlow
            ? HttpAnswer.File(call, content, "a") with { SentBytes = 900, Hold = hold } : HttpAnswer.File(call, content, "a"));
        // The bytes are on their way when the server holds; the first that arrive make the part.
        using ManualResetEventSlim arrived = new();
        Thread watch = new(() =>
        {
            scene.Server.Holding.Wait(TimeSpan.FromSeconds(60));
            SpinWait.SpinUntil(() => new FileInfo(scene.Path(File + ".part")) is { Exists: true, Length: 900 }, TimeSpan.FromSeconds(60));
            arrived.Set();
        });
        watch.Start();

        HostResult result = scene.Host.RunAndStop(Save, arrived);

        Assert.Contains("900 bytes of yolov9t.pt are kept", result.Text, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(scene.Path(File)));
        hold.Set();
        watch.Join();
        isSlow = false;
        Assert.Empty(scene.Run(Save).Errors);
        Assert.Equal(900, scene.Server.Calls[^1].From);
    }

    [Fact]
    public void A_server_that_falls_silent_is_given_up()
    {
        using ManualResetEvent hold = new(false);
        using Scene scene = new(call => HttpAnswer.File(call, content, "a") with { SentBytes = 900, Hold = hold });
        HostResult result = scene.Run(Save.Replace("Seconds 30", "Seconds 1", StringComparison.Ordinal));
        hold.Set();
        Assert.StartsWith("DownloadTimeout,", result.Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(result.Progress, record => record.StatusDescription.StartsWith("yolov9t.pt: 0.0 of 0.", StringComparison.Ordinal)
            && record.StatusDescription.EndsWith("MB/s", StringComparison.Ordinal));
        Assert.Equal(900, new FileInfo(scene.Path(File + ".part")).Length);
    }

    [Fact]
    public void A_server_that_is_not_there_is_named()
    {
        using Scene scene = new(_ => new("200 OK", []));
        scene.Server.Dispose();
        ErrorRecord error = scene.Run(Save).Error;
        Assert.StartsWith("DownloadConnection,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_is_spoken_to_with_the_whole_address()
    {
        using Scene scene = new(call => call.Headers.ContainsKey("Proxy-Authorization")
            ? HttpAnswer.File(call, content, "a")
            : new("407 Proxy Authentication Required", [], "Proxy-Authenticate: Basic realm=\"p\""));
        HostResult result = scene.Run("""
            $credential = [pscredential]::new('me', (ConvertTo-Pass 'secret'))
            Save-YoloModel yolov9t $folder -BaseUri http://weights.invalid/files -Proxy $server -ProxyCredential $credential -MaximumRetryCount 0
            """);
        Assert.Empty(result.Errors);
        Assert.All(scene.Server.Calls, call => Assert.Equal("http://weights.invalid/files/v8.3.0/yolov9t.pt", call.Target));
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("me:secret")),
            scene.Server.Calls[^1].Headers["Proxy-Authorization"]);
    }

    private static HttpAnswer Release(string digest) => new("200 OK", Encoding.UTF8.GetBytes($$"""
        { "tag_name": "v8.3.0", "assets": [ { "name": "other.pt", "digest": null }, { "name": "{{File}}", "digest": "sha256:{{digest}}" } ] }
        """));
}
