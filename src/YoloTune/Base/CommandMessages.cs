using System.Management.Automation;

namespace YoloTune.Commands.Base;

/// <summary>
/// What running work tells the user. Every method may be called from any thread; the pipeline thread writes the messages in their order.
/// Of progress records only the newest of an activity is written, a few times a second.
/// </summary>
public sealed class CommandMessages
{
    private readonly CmdletRunner runner;

    internal CommandMessages(CmdletRunner runner) => this.runner = runner;

    /// <summary>Cancelled when the work should end.</summary>
    public CancellationToken Cancellation => runner.Cancellation;

    /// <summary>A line for the user, as Write-Host would show it; also when the pipeline is being stopped.</summary>
    public void Report(string text) => runner.Post(cmdlet => cmdlet.WriteReport(text), afterStop: ui => ui.WriteLine(text));

    /// <summary>A warning; also when the pipeline is being stopped.</summary>
    public void Warning(string text) => runner.Post(cmdlet => cmdlet.WriteWarning(text), afterStop: ui => ui.WriteWarningLine(text));

    /// <summary>A line for those who gave -Verbose.</summary>
    public void Verbose(string text) => runner.Post(cmdlet => cmdlet.WriteVerbose(text));

    /// <summary>A line for those who gave -Debug.</summary>
    public void Debug(string text) => runner.Post(cmdlet => cmdlet.WriteDebug(text));

    /// <summary>An error that does not end the work.</summary>
    public void Error(Exception exception, object? target = null) => runner.Post(cmdlet => cmdlet.WriteError(exception, target));

    /// <summary>An output object, as soon as it is ready.</summary>
    public void Output(object value) => runner.Post(cmdlet => cmdlet.WriteObject(value));

    /// <summary>How far an activity is.</summary>
    public void Progress(ProgressRecord record) => runner.PostProgress(record);
}
