using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using YoloTune.Training.Run;

namespace YoloTune.Commands.Completion;

/// <summary>Completes the folders of runs: those in the folder runs, and those in the folder that is being typed.</summary>
public sealed class RunCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"').Replace('\\', '/');
        string location = Location();
        string typed = word[..(word.LastIndexOf('/') + 1)];
        return from parent in new[] { typed, "runs/" }.Distinct()
               let folder = Path.GetFullPath(parent, location)
               where Directory.Exists(folder)
               from run in Directory.EnumerateDirectories(folder).Where(TrainingRun.IsRun).Order(StringComparer.Ordinal)
               let path = parent + Path.GetFileName(run)
               where path.StartsWith(word, StringComparison.OrdinalIgnoreCase)
                   || Path.GetFileName(run).StartsWith(word, StringComparison.OrdinalIgnoreCase)
               select new CompletionResult(Quote(path), Path.GetFileName(run), CompletionResultType.ProviderContainer, Hint(run));
    }

    private static string Location()
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return (string)shell.AddScript("$ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath").Invoke()[0].BaseObject;
    }

    private static string Quote(string path)
    {
        string native = Path.DirectorySeparatorChar == '/' ? path : path.Replace('/', '\\');
        return native.AsSpan().IndexOfAny(" '$`;,()[]{}") < 0 ? native : "'" + native.Replace("'", "''") + "'";
    }

    private static string Hint(string folder)
    {
        try
        {
            TrainingRun run = TrainingRun.Read(folder);
            string best = run.Best is { MAP: { } map } ? FormattableString.Invariant($", mAP50-95 {map:0.000}") : "";
            return FormattableString.Invariant($"{run.Epochs.Count} epochs{best}{(run.Completed ? "" : ", not finished")}");
        }
        catch (YoloTuneException error)
        {
            return error.Message;
        }
    }
}
