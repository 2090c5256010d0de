using System.Management.Automation;
using System.Management.Automation.Host;

namespace YoloTune.Shell;

/// <summary>What a pipeline writes: output, errors, warnings and progress. The streams other than errors share the screen, as in pwsh.</summary>
internal sealed partial class ShellUserInterface : PSHostUserInterface
{
    private readonly Terminal terminal;
    private readonly Action stop;
    private readonly ProgressPane progress;
    private readonly Lock gate = new();
    private bool allAreErrors;
    private bool atLineStart = true;

    /// <param name="terminal">What the standard streams are.</param>
    /// <param name="stop">Stops the running pipeline, for Ctrl+C while a line is read.</param>
    public ShellUserInterface(Terminal terminal, Action stop)
    {
        this.terminal = terminal;
        this.stop = stop;
        progress = new(terminal);
        RawUI = new ShellRawUserInterface(terminal);
    }

    public override PSHostRawUserInterface RawUI { get; }

    public override bool SupportsVirtualTerminal => terminal.Colours;

    public override void Write(string value) => WriteText(value, allAreErrors);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        // What a command does not name, the engine fills from RawUI, which says -1: the terminal's own colour.
        bool coloured = terminal.Colours && (int)foregroundColor >= 0;
        WriteText(coloured ? PSStyle.Instance.Foreground.FromConsoleColor(foregroundColor) + value + PSStyle.Instance.Reset : value, allAreErrors);
    }

    public override void WriteLine() => Write("\n");

    public override void WriteLine(string value) => Write(value + "\n");

    public override void WriteErrorLine(string value)
    {
        // The engine's own error view brings its colours; what the host itself writes has none yet.
        bool styled = value.Contains('\u001b');
        WriteText((styled ? value : Styled(PSStyle.Instance.Formatting.Error, value)) + "\n", error: true);
    }

    public override void WriteWarningLine(string message) => WriteLine(Styled(PSStyle.Instance.Formatting.Warning, $"WARNING: {message}"));

    public override void WriteVerboseLine(string message) => WriteLine(Styled(PSStyle.Instance.Formatting.Verbose, $"VERBOSE: {message}"));

    public override void WriteDebugLine(string message) => WriteLine(Styled(PSStyle.Instance.Formatting.Debug, $"DEBUG: {message}"));

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        lock (gate)
        {
            if (progress.Update(sourceId, record, atLineStart)) atLineStart = true;
        }
    }

    /// <summary>Takes the progress bars off the screen: the pipeline is over, or another program gets the screen.</summary>
    public void EndPipeline()
    {
        lock (gate) progress.Clear();
    }

    /// <summary>A line about the shell itself, beside the errors.</summary>
    public void WriteNote(string text) => WriteText(Styled(PSStyle.Instance.Formatting.Warning, text) + "\n", error: true);

    /// <summary>Sends all that is written until disposal to the error stream: an error record's view goes out through Write.</summary>
    public IDisposable WriteAllAsErrors()
    {
        allAreErrors = true;
        return new Scope(() => allAreErrors = false);
    }

    private static string Styled(string style, string text) => style + text + PSStyle.Instance.Reset;

    private void WriteText(string? text, bool error)
    {
        if (string.IsNullOrEmpty(text)) return;
        bool colours = terminal.Colours && (error ? terminal.Error : terminal.Output);
        string shown = GetOutputString(text, colours);
        lock (gate)
        {
            progress.Hide();
            (error ? Console.Error : Console.Out).Write(OperatingSystem.IsWindows() ? shown.ReplaceLineEndings() : shown);
            if (error ? terminal.Error : terminal.Output) atLineStart = text.EndsWith('\n');
        }
    }

    private sealed class Scope(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
