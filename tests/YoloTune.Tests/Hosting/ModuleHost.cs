using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace YoloTune.Commands.Tests.Hosting;

/// <summary>
/// A fresh runspace of PowerShell's engine with the module of the checkout imported. The module's assemblies are loaded once in the
/// process.
/// </summary>
internal sealed class ModuleHost : IDisposable
{
    private readonly Runspace runspace;

    /// <param name="import">False leaves the runspace without the module.</param>
    public ModuleHost(bool import = true)
    {
        InitialSessionState state = InitialSessionState.CreateDefault();
        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        runspace = RunspaceFactory.CreateRunspace(Host, state);
        runspace.Open();
        PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
        if (!import) return;
        Set("manifest", Repository.Manifest);
        HostResult result = Run("Import-Module $manifest");
        if (result.Errors.Count > 0) throw new InvalidOperationException($"The module was not imported: {result.Errors[0]}");
    }

    public RecordingHost Host { get; } = new();

    /// <summary>Sets a variable for the scripts to come, so that no path has to be quoted.</summary>
    public void Set(string name, object? value) => runspace.SessionStateProxy.SetVariable(name, value);

    /// <summary>Makes a folder PowerShell's location.</summary>
    public void Enter(string folder) => runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(folder));

    /// <summary>Runs a script and returns its output objects and all other streams.</summary>
    public HostResult Run(string script)
    {
        using PowerShell shell = Create(script);
        return Collect(shell, () => [.. shell.Invoke()]);
    }

    /// <summary>Runs a script and formats its output as a user sees it, in 100 columns; the text is in the result.</summary>
    public HostResult Show(string script)
    {
        using PowerShell shell = Create(script);
        shell.AddCommand("Out-Default");
        return Collect(shell, () => [.. shell.Invoke()]);
    }

    /// <summary>Starts a script, waits until the host has shown <paramref name="signal"/>, stops it, and returns what it left.</summary>
    public HostResult RunAndStop(string script, string signal)
    {
        using ManualResetEventSlim seen = new();
        return RunAndStop(script, seen, shell => shell.Streams.Information.DataAdded += (_, _) =>
        {
            if (shell.Streams.Information.Any(record => record.MessageData.ToString() == signal)) seen.Set();
        });
    }

    /// <summary>Starts a script, waits until <paramref name="signal"/> is set, stops it, and returns what it left.</summary>
    public HostResult RunAndStop(string script, ManualResetEventSlim signal, Action<PowerShell>? prepare = null)
    {
        using PowerShell shell = Create(script);
        PSDataCollection<PSObject> output = [];
        prepare?.Invoke(shell);
        IAsyncResult running = shell.BeginInvoke<PSObject, PSObject>(null, output);
        if (!signal.Wait(TimeSpan.FromSeconds(60))) throw new TimeoutException("The signal to stop did not come.");
        shell.Stop();
        return Collect(shell, () =>
        {
            shell.EndInvoke(running);
            return [.. output];
        });
    }

    /// <summary>The completions at the end of a line.</summary>
    public IReadOnlyList<string> Complete(string line)
    {
        using PowerShell shell = PowerShell.Create(runspace);
        return [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches.Select(match => match.CompletionText)];
    }

    public void Dispose() => runspace.Dispose();

    private PowerShell Create(string script) => PowerShell.Create(runspace).AddScript(script);

    private HostResult Collect(PowerShell shell, Func<IReadOnlyList<PSObject>> invoke)
    {
        IReadOnlyList<PSObject> output = [];
        List<ErrorRecord> errors = [];
        bool isTerminated = false;
        try
        {
            output = invoke();
        }
        catch (RuntimeException exception)
        {
            isTerminated = true;
            errors.Add(new(exception.ErrorRecord, exception));
        }
        ProgressRecord[] progress = [.. Host.UI.Progress];
        Host.UI.Progress.Clear();
        return new(output, [.. shell.Streams.Error, .. errors], [.. shell.Streams.Warning.Select(record => record.Message)],
            [.. shell.Streams.Information.Select(record => record.MessageData.ToString() ?? "")],
            [.. shell.Streams.Verbose.Select(record => record.Message)], progress, Host.UI.TakeText(), isTerminated);
    }
}
