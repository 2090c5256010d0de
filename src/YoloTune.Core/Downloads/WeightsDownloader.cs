using System.Security.Cryptography;
using YoloTune.Basics;
using YoloTune.Files.Torch;

namespace YoloTune.Downloads;

/// <summary>
/// Brings pretrained weights to this machine. A file appears under its name only when it is whole and all that is known of it fits; until
/// then it is FILE.part, with which a later attempt goes on. Nothing in a file is unpickled or run.
/// </summary>
public sealed class WeightsDownloader : IDisposable
{
    private const string Agent = "YoloTune";

    private readonly DownloadOptions options;
    private readonly HttpClient client;
    private readonly ReleaseDigests? digests;

    /// <summary>Opens no connection yet.</summary>
    /// <param name="options">Where weights come from.</param>
    public WeightsDownloader(DownloadOptions options)
    {
        this.options = options;
        client = new(new SocketsHttpHandler
        {
            UseProxy = options.UseProxy,
            Proxy = options.Proxy,
            DefaultProxyCredentials = options.ProxyCredentials,
            ConnectTimeout = options.Timeout,
            MaxAutomaticRedirections = 10,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd($"{Agent}/{typeof(WeightsDownloader).Assembly.GetName().Version!.ToString(3)}");
        if (options.ApiUri is { } api) digests = new(client, api, options.Timeout);
    }

    /// <summary>The address of weights.</summary>
    public Uri AddressOf(PretrainedWeights weights) => Addresses.Append(options.BaseUri, weights.Tag, weights.File);

    /// <summary>The file, if it is there already and is known to be the right one; null otherwise.</summary>
    /// <param name="weights">Which weights.</param>
    /// <param name="path">Where they would be.</param>
    /// <param name="sha256">The SHA-256 that the user wants, or null.</param>
    /// <param name="hooks">Told what happens.</param>
    /// <param name="cancellation">Ends the work.</param>
    public SavedWeights? FindSaved(
        PretrainedWeights weights, string path, string? sha256, DownloadHooks hooks, CancellationToken cancellation)
    {
        if (!File.Exists(path) || Expected(weights, sha256, hooks, cancellation) is not { } expected) return null;
        string found = Sha256Of(path);
        return Same(found, expected) ? Describe(weights, path, found, WeightsCheck.Sha256) : null;
    }

    /// <summary>Downloads weights.</summary>
    /// <param name="weights">Which weights.</param>
    /// <param name="path">The file to write, in a folder that is there.</param>
    /// <param name="sha256">The SHA-256 that the file must have; null takes a known one.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="hooks">Told what happens.</param>
    /// <param name="cancellation">Ends the download; what has come is kept.</param>
    /// <exception cref="DownloadException">It cannot be had, broke off too often, or is not what it should be.</exception>
    public SavedWeights Save(
        PretrainedWeights weights, string path, string? sha256, bool overwrite, DownloadHooks hooks, CancellationToken cancellation)
    {
        string? expected = Expected(weights, sha256, hooks, cancellation);
        Uri source = AddressOf(weights);
        PartFile part = new(path);
        if (part.IsForeign && !overwrite)
        {
            throw new OutputException(
                "it is not of this command, and the download would replace it.", part.Path, "Move it away, or give -Force.");
        }
        PartNote note = new FileFetcher(client, options).Fetch(source, part, hooks, cancellation);
        string found;
        WeightsCheck check;
        try
        {
            (found, check) = Verify(part, note, expected, source, cancellation);
        }
        catch (DownloadException)
        {
            part.Delete();
            throw;
        }
        part.Complete(overwrite);
        return Describe(weights, path, found, check);
    }

    /// <summary>The bytes of an unfinished download that are kept for the next attempt.</summary>
    public static long KeptBytes(string path) => new PartFile(path).Length;

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private string? Expected(PretrainedWeights weights, string? sha256, DownloadHooks hooks, CancellationToken cancellation) =>
        sha256 ?? weights.Sha256 ?? digests?.Find(weights.Tag, weights.File, hooks.Warning, cancellation);

    private static (string Sha256, WeightsCheck Check) Verify(
        PartFile part, PartNote note, string? expected, Uri source, CancellationToken cancellation)
    {
        string found = Sha256Of(part.Path);
        if (expected is not null && !Same(found, expected))
        {
            throw new DownloadException(DownloadFailure.Checksum,
                $"'{source}' is not what was expected: its SHA-256 is {found}, not {expected}.",
                remedy: "The file was thrown away. Run the command again; if that does not help, do not use the file.");
        }
        if (expected is null && note.Md5 is { } md5 && Md5Of(part.Path) != md5)
        {
            throw new DownloadException(DownloadFailure.Checksum,
                $"'{source}' came damaged: its MD5 is not the one that the server states.",
                remedy: "The file was thrown away. Run the command again.");
        }
        try
        {
            ArchiveCheck.Verify(part.Path, cancellation);
        }
        catch (ModelFormatException exception)
        {
            throw new DownloadException(DownloadFailure.Checksum, $"What '{source}' sent is no whole .pt file. {exception.Message}",
                remedy: "The file was thrown away. Run the command again; if that does not help, open the address in a browser.",
                inner: exception);
        }
        return (found, expected is not null ? WeightsCheck.Sha256 : note.Md5 is not null ? WeightsCheck.Md5 : WeightsCheck.Crc32);
    }

    private SavedWeights Describe(PretrainedWeights weights, string path, string sha256, WeightsCheck check) =>
        new(path, weights.Name, new FileInfo(path).Length, sha256, check, PretrainedWeights.Licence, AddressOf(weights));

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static string Sha256Of(string path)
    {
        using FileStream stream = SharedFile.Open(path);
        return Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant();
    }

    // MD5 is what the storage service offers; it tells damage, not malice.
    private static string Md5Of(string path)
    {
        using FileStream stream = SharedFile.Open(path);
        return Convert.ToBase64String(MD5.HashData(stream));
    }
}
