using System.Management.Automation.Language;

namespace YoloTune.Shell;

/// <summary>The prompt: reads a statement, over several lines where it takes them, and runs it, until <c>exit</c> or the input's end.</summary>
internal sealed class InteractiveLoop
{
    private readonly ShellSession session;
    private readonly Terminal terminal;
    private readonly LineHistory history = new();

    public InteractiveLoop(ShellSession session, Terminal terminal)
    {
        this.session = session;
        this.terminal = terminal;
        if (terminal.Input) session.Host.NestedPrompt = RunNested;
    }

    /// <summary>Runs the prompt and returns the exit code of the process.</summary>
    public int Run(bool noBanner)
    {
        if (!noBanner && terminal.Input) session.Host.UI.WriteLine(Banner());
        while (session.ExitCode is null && ReadStatement() is { } statement)
        {
            if (statement.Length > 0) session.Run(statement);
        }
        return session.ExitCode ?? ExitCode.Success;
    }

    private void RunNested()
    {
        session.Host.LeaveNestedPrompt = false;
        while (session.ExitCode is null && !session.Host.LeaveNestedPrompt && ReadStatement() is { } statement)
        {
            if (statement.Length > 0) session.Run(statement);
        }
        session.Host.LeaveNestedPrompt = false;
    }

    private static string Banner() => $"""
        YoloTune {Program.Version}
        This shell carries PowerShell's Core commands and YoloTune's; pwsh has the rest.
        Get-Command -Module YoloTune lists YoloTune's, exit leaves.

        """;

    /// <summary>One whole statement, empty when it was given up, or null at the input's end.</summary>
    private string? ReadStatement()
    {
        string text = "";
        string prompt = session.Evaluate("prompt") ?? "PS> ";
        while (true)
        {
            LineResult line = ReadLine(prompt);
            if (line.Outcome == LineOutcome.Cancelled) return "";
            if (line.Outcome == LineOutcome.EndOfInput) return text.Length == 0 ? null : text;
            bool isEmptyContinuation = terminal.Input && text.Length > 0 && line.Text.Length == 0;
            text = text.Length == 0 ? line.Text : $"{text}\n{line.Text}";
            // As in pwsh an empty line that is typed ends what would otherwise ask for more.
            if (isEmptyContinuation || !IsIncomplete(text)) break;
            prompt = ">> ";
        }
        history.Add(text.TrimEnd('\n'));
        return text.Trim().Length == 0 ? "" : text;
    }

    private LineResult ReadLine(string prompt)
    {
        if (terminal.CanEdit)
        {
            int lastLine = prompt.LastIndexOf('\n') + 1;
            session.Host.UI.Write(prompt[..lastLine]);
            return new LineEditor(terminal, history, new TabCompletion(session.Complete)).Read(prompt[lastLine..]);
        }
        // A script that is piped in wants its output only.
        if (terminal.Input) session.Host.UI.Write(prompt);
        return Console.In.ReadLine() is { } line ? new(LineOutcome.Entered, line) : new(LineOutcome.EndOfInput, "");
    }

    private static bool IsIncomplete(string text)
    {
        Parser.ParseInput(text, out _, out ParseError[] errors);
        return errors.Any(e => e.IncompleteInput);
    }
}
