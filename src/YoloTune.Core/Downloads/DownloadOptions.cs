using System.Net;

namespace YoloTune.Downloads;

/// <summary>Where weights come from, and how patiently.</summary>
public sealed record DownloadOptions
{
    /// <summary>Where the releases of Ultralytics lie; a file is at BaseUri/tag/file.</summary>
    public static readonly Uri DefaultBaseUri = new("https://github.com/ultralytics/assets/releases/download");

    /// <summary>The REST API that knows the releases.</summary>
    public static readonly Uri DefaultApiUri = new("https://api.github.com/repos/ultralytics/assets");

    /// <summary>The address under which a folder a tag lies.</summary>
    public Uri BaseUri { get; init; } = DefaultBaseUri;

    /// <summary>The API that is asked for the SHA-256 of a file where it is not known; null asks for none.</summary>
    public Uri? ApiUri { get; init; } = DefaultApiUri;

    /// <summary>Whether to go through a proxy at all.</summary>
    public bool UseProxy { get; init; } = true;

    /// <summary>The proxy; null takes the one of the system or of the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY).</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Credentials for the proxy of the system; null for none.</summary>
    public ICredentials? ProxyCredentials { get; init; }

    /// <summary>How long a server may send nothing before the attempt is given up.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often an attempt that failed for a passing reason is repeated.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>The pause before the first repetition; each further one is twice as long.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(2);
}
