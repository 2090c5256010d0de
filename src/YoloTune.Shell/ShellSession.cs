using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace YoloTune.Shell;

/// <summary>One PowerShell session: its runspace, and the one way in which text is run in it.</summary>
internal sealed class ShellSession : IDisposable
{
    private readonly Runspace runspace;
    private readonly MissingCommandNote missing = new();
    private readonly Stack<Pipeline> running = new();
    private readonly Lock gate = new();

    public ShellSession(Terminal terminal)
    {
        Host = new ShellHost(terminal, Stop);
        InitialSessionState state = InitialSessionState.CreateDefault2();
        // What pwsh ships as its setting; without it Windows runs no script at all.
        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned;
        runspace = RunspaceFactory.CreateRunspace(Host, state);
        runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        runspace.Open();
        if (!terminal.Colours) PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
    }

    public ShellHost Host { get; }

    /// <summary>Whether a pipeline is suspended at an inner prompt: the engine then takes nested pipelines only.</summary>
    private bool IsNested => running.Count > 0;

    /// <summary>What <c>exit</c> was called with, or null while it was not.</summary>
    public int? ExitCode => Host.ExitCode;

    /// <summary><c>$?</c> after the last run that was added to the history.</summary>
    public bool LastStatementSucceeded => GetVariable("?") is true;

    /// <summary>Runs text as if it had been typed: output, errors and all else go to the host.</summary>
    /// <param name="text">PowerShell text.</param>
    /// <param name="addToHistory">Whether it is the user's; only then the engine keeps its <c>$?</c>.</param>
    public RunResult Run(string text, bool addToHistory = true)
    {
        RunResult result = Invoke(text, addToHistory);
        ShellUserInterface screen = Host.Screen;
        screen.EndPipeline();
        if (missing.Find(GetVariable("Error")) is { } note) screen.WriteNote(note);
        return result;
    }

    /// <summary>Runs text and returns what it puts out, as text; null when it fails.</summary>
    public string? Evaluate(string text)
    {
        using Pipeline pipeline = Create(text, addToHistory: false);
        try
        {
            return string.Concat(pipeline.Invoke());
        }
        catch (RuntimeException)
        {
            return null;
        }
    }

    /// <summary>What Tab offers at a place in the text.</summary>
    public CommandCompletion Complete(string text, int cursor)
    {
        using PowerShell shell = IsNested ? PowerShell.Create(RunspaceMode.CurrentRunspace) : PowerShell.Create(runspace);
        CommandCompletion offer = CommandCompletion.CompleteInput(text, cursor, null, shell);
        if (offer.CompletionMatches.Count > 0) return offer;
        string folder = IsNested ? Environment.CurrentDirectory : runspace.SessionStateProxy.Path.CurrentFileSystemLocation.ProviderPath;
        return FileCompletion.Find(text, cursor, folder);
    }

    /// <summary>A variable's value; null as well inside a nested prompt, where the engine does not give it out.</summary>
    public object? GetVariable(string name) => IsNested ? null : runspace.SessionStateProxy.GetVariable(name);

    /// <summary>Asks the running pipeline to stop; returns at once.</summary>
    public void Stop()
    {
        lock (gate)
        {
            if (running.TryPeek(out Pipeline? pipeline)) pipeline.StopAsync();
        }
    }

    public void Dispose() => runspace.Dispose();

    private RunResult Invoke(string text, bool addToHistory)
    {
        RuntimeException failure;
        using Pipeline pipeline = Create(text, addToHistory);
        pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add("Out-Default");
        lock (gate) running.Push(pipeline);
        try
        {
            pipeline.Invoke();
            // A pipeline that was stopped inside a try block ends without an exception.
            return pipeline.PipelineStateInfo.State == PipelineState.Stopped ? RunResult.Stopped : RunResult.Completed;
        }
        catch (PipelineStoppedException)
        {
            return RunResult.Stopped;
        }
        catch (RuntimeException exception)
        {
            failure = exception;
        }
        finally
        {
            lock (gate) running.Pop();
        }
        Report(failure);
        return RunResult.Failed;
    }

    private void Report(RuntimeException failure)
    {
        Host.Screen.EndPipeline();
        // The engine's error view shows nothing of a statement that lacks its end.
        if (failure is IncompleteParseException)
        {
            Host.UI.WriteErrorLine($"ParserError: {failure.Message}");
            return;
        }
        using Pipeline pipeline = Create("Out-Default", addToHistory: false);
        pipeline.Commands.Clear();
        pipeline.Commands.Add("Out-Default");
        pipeline.Input.Write(failure.ErrorRecord);
        pipeline.Input.Close();
        using (Host.Screen.WriteAllAsErrors()) pipeline.Invoke();
    }

    private Pipeline Create(string text, bool addToHistory) => IsNested
        ? runspace.CreateNestedPipeline(text, addToHistory)
        : runspace.CreatePipeline(text, addToHistory);
}
