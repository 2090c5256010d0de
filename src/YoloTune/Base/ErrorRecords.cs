using System.Management.Automation;
using System.Runtime.InteropServices;
using YoloTune.Basics;
using YoloTune.Downloads;

namespace YoloTune.Commands.Base;

/// <summary>Which error id and category an exception of the engine gets. Scripts rely on the ids.</summary>
internal static class ErrorRecords
{
    /// <summary>Whether an exception speaks of the user's input or machine; all others are defects and keep their own record.</summary>
    public static bool IsExpected(Exception exception) => Classify(exception) is not null;

    /// <summary>The error record of an exception.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="target">The object concerned; null takes the file that the exception names.</param>
    public static ErrorRecord From(Exception exception, object? target)
    {
        var (id, category) = Classify(exception) ?? ("Unexpected", ErrorCategory.NotSpecified);
        // The remedy is part of the message already; as a RecommendedAction PowerShell would print it a second time.
        return new(exception, id, category, target ?? FileOf(exception));
    }

    private static (string Id, ErrorCategory Category)? Classify(Exception exception) => exception switch
    {
        ModelFormatException => ("ModelFormat", ErrorCategory.InvalidData),
        DatasetException => ("Dataset", ErrorCategory.InvalidData),
        SelectionException => ("Selection", ErrorCategory.InvalidArgument),
        DownloadException download => OfDownload(download.Failure),
        OutputException { IsInput: true } => ("OutputIsInput", ErrorCategory.InvalidArgument),
        OutputException => ("FileExists", ErrorCategory.ResourceExists),
        TrainingException => ("Training", ErrorCategory.InvalidOperation),
        YoloTuneException => ("YoloTune", ErrorCategory.InvalidOperation),
        FileNotFoundException or DirectoryNotFoundException => ("PathNotFound", ErrorCategory.ObjectNotFound),
        UnauthorizedAccessException => ("AccessDenied", ErrorCategory.PermissionDenied),
        FileInUseException => ("FileInUse", ErrorCategory.ResourceBusy),
        IOException => ("InputOutput", ErrorCategory.ReadError),
        DllNotFoundException => ("NativeLibrary", ErrorCategory.NotInstalled),
        OutOfMemoryException => ("OutOfMemory", ErrorCategory.ResourceUnavailable),
        // TorchSharp reports what libtorch throws with this type.
        ExternalException => ("Torch", ErrorCategory.DeviceError),
        _ => null,
    };

    private static (string Id, ErrorCategory Category) OfDownload(DownloadFailure failure) => failure switch
    {
        DownloadFailure.NotFound => ("DownloadNotFound", ErrorCategory.ObjectNotFound),
        DownloadFailure.Refused => ("DownloadRefused", ErrorCategory.PermissionDenied),
        DownloadFailure.RateLimit => ("DownloadRateLimit", ErrorCategory.LimitsExceeded),
        DownloadFailure.Server => ("DownloadServer", ErrorCategory.ProtocolError),
        DownloadFailure.Timeout => ("DownloadTimeout", ErrorCategory.OperationTimeout),
        DownloadFailure.Checksum => ("DownloadChecksum", ErrorCategory.SecurityError),
        DownloadFailure.DiskFull => ("DiskFull", ErrorCategory.WriteError),
        _ => ("DownloadConnection", ErrorCategory.ConnectionError),
    };

    private static string? FileOf(Exception exception) => exception switch
    {
        YoloTuneException known => known.File,
        FileNotFoundException missing => missing.FileName,
        FileInUseException held => held.File,
        _ => null,
    };
}
