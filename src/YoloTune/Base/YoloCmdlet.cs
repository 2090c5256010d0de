using System.Management.Automation;
using System.Management.Automation.Host;
using YoloTune.Basics;
using YoloTune.Devices;

namespace YoloTune.Commands.Base;

/// <summary>
/// The base of all cmdlets. It owns the cancellation source, resolves paths, turns exceptions of the engine into error records with
/// stable ids, and runs long work on a worker thread while the pipeline thread stays responsive. A cmdlet overrides
/// <see cref="Begin"/>, <see cref="Process"/> and <see cref="End"/> and lets exceptions pass.
/// </summary>
public abstract class YoloCmdlet : PSCmdlet, IDisposable
{
    /// <summary>The tag of every record that YoloTune writes to the information stream.</summary>
    public const string InformationTag = "YoloTune";

    private readonly CancellationTokenSource cancellation = new();
    private PathResolver? paths;

    /// <summary>Cancelled when the user stops the pipeline, or when its output is no longer wanted.</summary>
    protected CancellationToken Cancellation => cancellation.Token;

    /// <summary>Turns what users type into full paths of the file system.</summary>
    protected PathResolver Paths => paths ??= new(this);

    /// <summary>Once, before the first input object. An exception ends the pipeline.</summary>
    protected virtual void Begin()
    {
    }

    /// <summary>
    /// Once for every input object. An exception of the engine becomes an error of this object; the next one still comes.
    /// </summary>
    protected virtual void Process()
    {
    }

    /// <summary>Once, after the last input object. An exception ends the pipeline.</summary>
    protected virtual void End()
    {
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Guard(Begin, endsPipeline: true);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        foreach (string remark in MyInvocation.BoundParameters.Values.SelectMany(ModelPaths.TakeRemarks).ToArray()) WriteWarning(remark);
        Guard(Process, endsPipeline: false);
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(End, endsPipeline: true);

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => Cancel();

    /// <summary>
    /// Runs work on a thread of its own while this thread writes what the work reports, so that Ctrl+C is heard at once and progress is
    /// written where PowerShell allows it. Returns when the work is done; its exception is thrown here.
    /// </summary>
    /// <param name="work">The work. It should look at <see cref="Cancellation"/> now and then.</param>
    protected T RunOnWorker<T>(Func<CommandMessages, T> work) => new CmdletRunner(this).Run(work);

    /// <summary>The same for work without a result.</summary>
    protected void RunOnWorker(Action<CommandMessages> work) => RunOnWorker(messages =>
    {
        work(messages);
        return true;
    });

    /// <summary>Shows a line to the user as Write-Host would, and records it on the information stream.</summary>
    protected internal void WriteReport(string text) =>
        WriteInformation(new HostInformationMessage { Message = text }, ["PSHOST", InformationTag]);

    /// <summary>Writes the exception as an error that does not end the pipeline.</summary>
    protected internal void WriteError(Exception exception, object? target = null) =>
        WriteError(ErrorRecords.From(Expected(exception) ?? exception, target));

    /// <summary>
    /// Whether to write an output file: asks -WhatIf and -Confirm, and writes the error FileExists when the file is there already and
    /// <paramref name="force"/> is not given.
    /// </summary>
    /// <param name="path">The full path, from <see cref="PathResolver.Output"/>.</param>
    /// <param name="force">The cmdlet's -Force.</param>
    /// <param name="action">What is about to happen, for -WhatIf: "Export model".</param>
    protected bool ShouldWrite(string path, bool force, string action)
    {
        try
        {
            new OutputGuard(force).Require(path);
        }
        catch (OutputException error)
        {
            WriteError(error, path);
            return false;
        }
        return ShouldProcess(path, action);
    }

    internal CancellationToken Token => cancellation.Token;

    /// <summary>Asks the running work to end.</summary>
    internal void Cancel()
    {
        try
        {
            cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet ended while the user pressed Ctrl+C.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the cmdlet holds; a cmdlet that overrides it calls the base.</summary>
    protected virtual void Dispose(bool disposing) => cancellation.Dispose();

    private void Guard(Action step, bool endsPipeline)
    {
        try
        {
            step();
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception exception) when (Expected(exception) is not null)
        {
            ErrorRecord record = ErrorRecords.From(Expected(exception)!, target: null);
            if (endsPipeline) ThrowTerminatingError(record);
            WriteError(record);
        }
    }

    /// <summary>The exception to show for one that speaks of the user's input or machine; null for a defect.</summary>
    private Exception? Expected(Exception exception)
    {
        if (exception is YoloTuneException) return exception;
        if (MemoryFailure.Is(exception)) return MemoryAdvice.For(MyInvocation.MyCommand, exception);
        return NativeLibraries.FailureBehind(exception) ?? (ErrorRecords.IsExpected(exception) ? exception : null);
    }
}
