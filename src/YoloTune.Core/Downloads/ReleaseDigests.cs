using System.Net;
using System.Text.Json;

namespace YoloTune.Downloads;

/// <summary>Asks the REST API of the releases for the SHA-256 of their files, once a release.</summary>
internal sealed class ReleaseDigests(HttpClient client, Uri api, TimeSpan timeout)
{
    private const string Prefix = "sha256:";

    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> releases = new(StringComparer.Ordinal);

    /// <summary>The SHA-256 that a release states for a file, or null where it states none.</summary>
    /// <param name="tag">The release.</param>
    /// <param name="file">The name of the file.</param>
    /// <param name="warn">Told why the API gave no answer, once a release.</param>
    /// <param name="cancellation">Ends the request.</param>
    public string? Find(string tag, string file, Action<string> warn, CancellationToken cancellation)
    {
        if (!releases.TryGetValue(tag, out IReadOnlyDictionary<string, string>? digests))
        {
            releases[tag] = digests = Ask(tag, warn, cancellation);
        }
        return digests.GetValueOrDefault(file);
    }

    private Dictionary<string, string> Ask(string tag, Action<string> warn, CancellationToken cancellation)
    {
        Uri address = Addresses.Append(api, "releases", "tags", tag);
        string? problem;
        try
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(timeout);
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("application/vnd.github+json");
            using HttpResponseMessage response = client.SendAsync(request, limit.Token).GetAwaiter().GetResult();
            if (response.IsSuccessStatusCode)
            {
                using JsonDocument release = JsonDocument.Parse(
                    response.Content.ReadAsByteArrayAsync(limit.Token).GetAwaiter().GetResult());
                return Read(release.RootElement);
            }
            problem = response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests
                ? "its limit of requests is used up for now" : FormattableString.Invariant($"it answered {(int)response.StatusCode}");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or InvalidOperationException)
        {
            problem = exception.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            problem = "it did not answer in time";
        }
        warn($"'{address}' gave no checksums: {problem}. Only the checksums inside the file can be checked; -Sha256 pins one.");
        return [];
    }

    private static Dictionary<string, string> Read(JsonElement release)
    {
        Dictionary<string, string> digests = new(StringComparer.Ordinal);
        foreach (JsonElement asset in release.GetProperty("assets").EnumerateArray())
        {
            if (!asset.TryGetProperty("digest", out JsonElement digest) || digest.ValueKind != JsonValueKind.String) continue;
            string text = digest.GetString()!;
            if (text.StartsWith(Prefix, StringComparison.Ordinal)) digests[asset.GetProperty("name").GetString()!] = text[Prefix.Length..];
        }
        return digests;
    }
}
