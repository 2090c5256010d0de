using System.Globalization;
using System.Net;

namespace YoloTune.Downloads;

/// <summary>Puts what a server answered, or why it did not, into words.</summary>
internal static class DownloadErrors
{
    private const int UnixNoSpace = 28;
    private const int UnixQuota = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>The error of an answer that is not the file.</summary>
    public static DownloadException Of(HttpResponseMessage response, Uri address)
    {
        int code = (int)response.StatusCode;
        string answer = FormattableString.Invariant($"'{address}' answered {code} {response.ReasonPhrase}").TrimEnd();
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new(DownloadFailure.NotFound, $"{answer}.",
                remedy: "Check -Tag and -BaseUri; the release may no longer carry the file."),
            HttpStatusCode.TooManyRequests => RateLimit(response, answer),
            HttpStatusCode.Forbidden when IsRateLimit(response) => RateLimit(response, answer),
            HttpStatusCode.ProxyAuthenticationRequired => new(DownloadFailure.Refused, $"The proxy wants credentials: {answer}.",
                remedy: "Give -ProxyCredential or -ProxyUseDefaultCredentials."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(DownloadFailure.Refused, $"{answer}.",
                remedy: "Something on the way forbids the download; a mirror can be given with -BaseUri."),
            >= HttpStatusCode.InternalServerError => new(DownloadFailure.Server, $"{answer}.",
                remedy: "The server has a problem; run the same command again later."),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new(DownloadFailure.Server,
                $"{answer} and leads to '{response.Headers.Location}'.",
                remedy: "A redirect from https to http, or one in a circle, is not followed."),
            _ => new(DownloadFailure.Server, $"{answer}."),
        };
    }

    /// <summary>Whether another attempt may help.</summary>
    public static bool IsPassing(DownloadException exception) =>
        exception.Failure is DownloadFailure.Connection or DownloadFailure.Timeout or DownloadFailure.Server;

    /// <summary>Whether a write failed for want of room.</summary>
    public static bool IsDiskFull(IOException exception) =>
        exception.HResult is WindowsDiskFull or WindowsHandleDiskFull
        || (!OperatingSystem.IsWindows() && exception.HResult is UnixNoSpace or UnixQuota);

    /// <summary>The error for want of room.</summary>
    public static DownloadException DiskFull(string target, long? wanted, Exception? inner = null) => new(DownloadFailure.DiskFull,
        wanted is { } bytes ? FormattableString.Invariant($"there is no room for {bytes} more bytes.") : "the disk is full.",
        target, "Make room, or give another -Destination; a part that is there already is kept.", inner);

    private static bool IsRateLimit(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not null
        || (response.Headers.TryGetValues("x-ratelimit-remaining", out IEnumerable<string>? left) && left.First() == "0");

    private static DownloadException RateLimit(HttpResponseMessage response, string answer)
    {
        DateTimeOffset? again = null;
        if (response.Headers.RetryAfter is { } retry) again = retry.Date ?? DateTimeOffset.UtcNow + retry.Delta;
        else if (response.Headers.TryGetValues("x-ratelimit-reset", out IEnumerable<string>? values)
            && long.TryParse(values.First(), CultureInfo.InvariantCulture, out long seconds))
        {
            again = DateTimeOffset.FromUnixTimeSeconds(seconds);
        }
        string when = again is { } time
            ? string.Create(CultureInfo.InvariantCulture, $"after {time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "later";
        return new(DownloadFailure.RateLimit, $"Too many requests were made: {answer}.", remedy: $"Run the same command again {when}.");
    }
}
