using System.Net;
using System.Net.Http.Headers;
using YoloTune.Basics;

namespace YoloTune.Downloads;

/// <summary>
/// Brings one address into a <see cref="PartFile"/>, goes on with what is there, and repeats what failed for a passing reason.
/// </summary>
internal sealed class FileFetcher(HttpClient client, DownloadOptions options)
{
    private const int BlockLength = 1 << 16;

    /// <summary>Fetches until the part is whole; an exception leaves what has come so far.</summary>
    /// <returns>What the server said of the file.</returns>
    public PartNote Fetch(Uri source, PartFile part, DownloadHooks hooks, CancellationToken cancellation)
    {
        TimeSpan pause = options.RetryInterval;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return Attempt(source, part, hooks, cancellation);
            }
            catch (DownloadException exception) when (DownloadErrors.IsPassing(exception) && attempt < options.Retries)
            {
                hooks.Message(FormattableString.Invariant(
                    $"{exception.Message} Attempt {attempt + 2} of {options.Retries + 1} in {pause.TotalSeconds:0.#} s."));
                cancellation.WaitHandle.WaitOne(pause);
                cancellation.ThrowIfCancellationRequested();
                pause *= 2;
            }
        }
    }

    private PartNote Attempt(Uri source, PartFile part, DownloadHooks hooks, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(options.Timeout);
        try
        {
            PartNote? known = part.ReadNote(source);
            long have = known is null ? 0 : part.Length;
            using HttpRequestMessage request = new(HttpMethod.Get, source);
            if (known is not null)
            {
                request.Headers.Range = new(have, null);
                request.Headers.TryAddWithoutValidation("If-Range", known.Validator);
            }
            using HttpResponseMessage response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && known is not null)
            {
                if (response.Content.Headers.ContentRange?.Length == have) return known with { TotalBytes = have };
                part.Delete();
                throw new DownloadException(DownloadFailure.Server,
                    $"'{source}' is shorter than the part that is here, which was given up.");
            }
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent)) throw DownloadErrors.Of(response, source);

            long from = StartOf(response, source, have);
            PartNote note = Describe(response, source, from);
            if (have > 0) hooks.Message(HowItGoesOn(from, isSame: note.Validator == known!.Validator));
            RequireRoom(part, note.TotalBytes - from);
            part.WriteNote(note);
            Copy(response, part, from, note.TotalBytes, hooks, patience);
            return note;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DownloadException(DownloadFailure.Timeout,
                FormattableString.Invariant($"'{source}' sent nothing for {options.Timeout.TotalSeconds:0.#} s."),
                remedy: "Run the same command again to go on, or give more -TimeoutSeconds.");
        }
        catch (HttpRequestException exception)
        {
            throw new DownloadException(DownloadFailure.Connection, $"'{source}' was not reached: {exception.Message.TrimEnd('.')}.",
                remedy: "Check the network, the proxy (-Proxy) and -BaseUri, and run the same command again to go on.", inner: exception);
        }
    }

    private static string HowItGoesOn(long from, bool isSame) => (from, isSame) switch
    {
        (> 0, _) => FormattableString.Invariant($"Going on after the first {from} bytes, which are here already."),
        (_, true) => "The server sends no parts of files; starting again from its beginning.",
        _ => "The file on the server has changed since the part that is here was fetched; starting again from its beginning.",
    };

    /// <summary>The place in the file where the answer begins.</summary>
    private static long StartOf(HttpResponseMessage response, Uri source, long have)
    {
        if (response.StatusCode == HttpStatusCode.OK) return 0;
        return response.Content.Headers.ContentRange?.From == have
            ? have
            : throw new DownloadException(DownloadFailure.Server, $"'{source}' sent another part of the file than it was asked for.");
    }

    private static PartNote Describe(HttpResponseMessage response, Uri source, long from)
    {
        HttpContentHeaders content = response.Content.Headers;
        string? validator = response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : content.LastModified?.ToString("R");
        // A storage service behind the releases names the MD5 of the whole file so where the answer is a part of it.
        string? md5 = response.Headers.TryGetValues("x-ms-blob-content-md5", out IEnumerable<string>? values) ? values.First()
            : from == 0 && content.ContentMD5 is { } bytes ? Convert.ToBase64String(bytes) : null;
        return new(source.AbsoluteUri, validator, content.ContentRange?.Length ?? (content.ContentLength + from), md5);
    }

    private static void RequireRoom(PartFile part, long? wanted)
    {
        if (wanted is null) return;
        long free = DiskSpace.Free(Path.GetDirectoryName(part.Path)!);
        if (free < wanted) throw DownloadErrors.DiskFull(part.Path, wanted);
    }

    private void Copy(
        HttpResponseMessage response, PartFile part, long from, long? total, DownloadHooks hooks, CancellationTokenSource patience)
    {
        using Stream body = response.Content.ReadAsStream(patience.Token);
        using FileStream file = part.Open(from);
        byte[] block = new byte[BlockLength];
        RateMeter meter = new();
        long done = from;
        string name = Path.GetFileNameWithoutExtension(part.Path);
        hooks.Progress?.Report(new(name, done, total, meter.Add(done)));
        while (true)
        {
            patience.CancelAfter(options.Timeout);
            int count = Read(body, block, patience.Token);
            if (count == 0) break;
            try
            {
                file.Write(block, 0, count);
            }
            catch (IOException exception) when (DownloadErrors.IsDiskFull(exception))
            {
                throw DownloadErrors.DiskFull(part.Path, null, exception);
            }
            done += count;
            hooks.Progress?.Report(new(name, done, total, meter.Add(done)));
        }
        if (total is { } all && done != all) throw Broken(FormattableString.Invariant($"after {done} of {all} bytes"), null);
    }

    private static int Read(Stream body, byte[] block, CancellationToken cancellation)
    {
        try
        {
            return body.ReadAsync(block, cancellation).AsTask().GetAwaiter().GetResult();
        }
        catch (IOException exception)
        {
            throw Broken(exception.Message.TrimEnd('.'), exception);
        }
    }

    private static DownloadException Broken(string how, Exception? inner) => new(DownloadFailure.Connection,
        $"The connection broke: {how}.", remedy: "What has come is kept; run the same command again to go on.", inner: inner);
}
