using System.Management.Automation;
using System.Net;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Downloads;
using YoloTune.Models;
using YoloTune.Networks.Architecture;

namespace YoloTune.Commands;

/// <summary>Downloads pretrained weights of Ultralytics; nothing in them is run.</summary>
[Cmdlet(VerbsData.Save, "YoloModel", SupportsShouldProcess = true)]
[OutputType(typeof(SavedWeights))]
public sealed class SaveYoloModelCommand : YoloCmdlet
{
    private const string LicenceNote =
        "The weights are Ultralytics', under AGPL-3.0; those who cannot meet its terms need an Enterprise licence of Ultralytics.";

    private static readonly DownloadOptions Defaults = new();

    private WeightsDownloader? downloader;
    private bool isLicenceSaid;

    /// <summary>Names of weights; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(PretrainedCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The folder to write to; it is made when it is not there.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    /// <summary>The release to take the files from, in place of the one in the list.</summary>
    [Parameter]
    [ValidatePattern("^[A-Za-z0-9._-]+$")]
    [ArgumentCompleter(typeof(ReleaseCompleter))]
    public string? Tag { get; set; }

    /// <summary>The SHA-256 that the file must have.</summary>
    [Parameter]
    [ValidatePattern("^[0-9A-Fa-f]{64}$")]
    public string? Sha256 { get; set; }

    /// <summary>A mirror: a file is at BaseUri/tag/file.</summary>
    [Parameter]
    [ValidateNotNull]
    public Uri BaseUri { get; set; } = DownloadOptions.DefaultBaseUri;

    /// <summary>The REST API that is asked for checksums.</summary>
    [Parameter]
    public Uri? ApiUri { get; set; }

    /// <summary>The proxy; without it the one of the system or of the environment.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>Who asks, for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Give the proxy the credentials of the user.</summary>
    [Parameter]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    /// <summary>Go through no proxy, whatever the system says.</summary>
    [Parameter]
    public SwitchParameter NoProxy { get; set; }

    /// <summary>Seconds without a byte after which an attempt is given up.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = (int)Defaults.Timeout.TotalSeconds;

    /// <summary>How often an attempt that broke off is repeated.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = Defaults.Retries;

    /// <summary>Seconds before the first repetition; each further pause is twice as long.</summary>
    [Parameter]
    [ValidateRange(0, 600)]
    public int RetryIntervalSeconds { get; set; } = (int)Defaults.RetryInterval.TotalSeconds;

    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        foreach ((string name, Uri? uri) in new[] { (nameof(BaseUri), BaseUri), (nameof(ApiUri), ApiUri), (nameof(Proxy), Proxy) })
        {
            if (uri is null || (uri.IsAbsoluteUri && uri.Scheme is "http" or "https")) continue;
            throw new SelectionException($"-{name} is '{uri}'.", remedy: "Give an address that begins with https:// or http://.");
        }
        ICredentials? credentials = ProxyUseDefaultCredentials
            ? CredentialCache.DefaultCredentials : ProxyCredential?.GetNetworkCredential();
        downloader = new(new()
        {
            BaseUri = BaseUri,
            ApiUri = ApiUri ?? (BaseUri == DownloadOptions.DefaultBaseUri ? DownloadOptions.DefaultApiUri : null),
            UseProxy = !NoProxy,
            Proxy = Proxy is null ? null : new WebProxy(Proxy) { Credentials = credentials },
            ProxyCredentials = credentials,
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
            Retries = MaximumRetryCount,
            RetryInterval = TimeSpan.FromSeconds(RetryIntervalSeconds),
        });
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        PretrainedWeights[] chosen = [.. Name.SelectMany(Find).Distinct()];
        if (Sha256 is not null && chosen.Length > 1)
        {
            throw new SelectionException($"-Sha256 is one checksum and the names stand for {chosen.Length} files.",
                remedy: "Give one name.");
        }
        foreach (PretrainedWeights weights in chosen)
        {
            try
            {
                // A known checksum holds for the release of the list only.
                Save(Tag is null || Tag == weights.Tag ? weights : weights with { Tag = Tag, Sha256 = null });
            }
            catch (Exception exception) when (
                exception is DownloadException or OutputException or IOException or UnauthorizedAccessException)
            {
                WriteError(exception, weights.Name);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        downloader?.Dispose();
        base.Dispose(disposing);
    }

    private PretrainedWeights[] Find(string name)
    {
        string stem = name.EndsWith(".pt", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        WildcardPattern pattern = WildcardPattern.Get(stem, WildcardOptions.IgnoreCase);
        PretrainedWeights[] found = [.. PretrainedCatalog.Entries.Where(entry => pattern.IsMatch(entry.Name))];
        // yolov5n is the architecture of what is published as yolov5nu.
        if (found.Length == 0) found = [.. PretrainedCatalog.Entries.Where(entry => pattern.IsMatch(ModelNames.Modern(entry.Name)))];
        if (found.Length == 0)
        {
            string? near = PretrainedCatalog.Nearest(stem);
            WriteError(new SelectionException($"There are no published weights '{name}' in the list.",
                remedy: near is null ? "Completion and Save-YoloModel * -WhatIf list them all." : $"Did you mean {near}?"), name);
        }
        return found;
    }

    private void Save(PretrainedWeights weights)
    {
        string path = Path.Combine(Paths.OutputFolder(Destination), weights.File);
        Uri source = downloader!.AddressOf(weights);
        SavedWeights? saved = Force ? null : Run((hooks, token) => downloader.FindSaved(weights, path, Sha256, hooks, token));
        if (saved is not null)
        {
            WriteVerbose($"'{path}' is there already and has the expected SHA-256.");
            WriteObject(saved);
            return;
        }
        if (!ShouldWrite(path, Force, $"Download {source}")) return;
        if (!isLicenceSaid) WriteReport(LicenceNote);
        isLicenceSaid = true;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WriteObject(RunOnWorker(messages =>
        {
            DownloadProgressSink progress = new(messages);
            try
            {
                DownloadHooks hooks = new() { Progress = progress, Message = messages.Verbose, Warning = messages.Warning };
                return downloader.Save(weights, path, Sha256, Force, hooks, messages.Cancellation);
            }
            catch (OperationCanceledException) when (WeightsDownloader.KeptBytes(path) is > 0 and long kept)
            {
                messages.Warning(FormattableString.Invariant(
                    $"{kept} bytes of {weights.File} are kept in '{path}.part'; the same command goes on from there."));
                throw;
            }
            finally
            {
                progress.Complete();
            }
        }));
    }

    private T Run<T>(Func<DownloadHooks, CancellationToken, T> work) => RunOnWorker(messages =>
        work(new() { Message = messages.Verbose, Warning = messages.Warning }, messages.Cancellation));
}
