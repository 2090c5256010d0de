using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using YoloTune.Basics;
using YoloTune.Runs.Records;

namespace YoloTune.Commands.Completion;

/// <summary>
/// Completes folders of training runs: those below what is typed, and without anything typed those in runs. Where there are none, paths are
/// completed as always.
/// </summary>
public sealed class RunCompleter : IArgumentCompleter
{
    private const string Usual = "runs";

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = wordToComplete.Trim('\'', '"');
        CompletionResult[] runs = [.. Runs(typed).Select(Result)];
        return runs.Length > 0 ? runs : CompletionCompleters.CompleteFilename(wordToComplete);
    }

    private static List<string> Runs(string typed)
    {
        if (SessionValues.Location is not { } location || typed.StartsWith('~') || typed.Contains('$')) return [];
        try
        {
            return [.. Runs(location, typed)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Runs(string location, string typed)
    {
        int slash = typed.LastIndexOfAny(['/', '\\']);
        string folder = slash < 0 ? "" : typed[..(slash + 1)];
        List<string> found = [.. RunsIn(location, folder, typed[(slash + 1)..])];
        // A folder that is not a run may hold runs: runs, or what has been typed of it.
        if (slash >= 0) return found;
        foreach (string name in Names(location, "").Where(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase)))
        {
            if (typed.Length > 0 || name == Usual) found.AddRange(RunsIn(location, name + "/", ""));
        }
        // The name of a run alone will do for those in the usual place.
        if (!Usual.StartsWith(typed, StringComparison.OrdinalIgnoreCase)) found.AddRange(RunsIn(location, Usual + "/", typed));
        return found;
    }

    private static IEnumerable<string> RunsIn(string location, string folder, string start) =>
        from name in Names(location, folder)
        where name.StartsWith(start, StringComparison.OrdinalIgnoreCase) && TrainingRun.IsRun(Path.Combine(location, folder, name))
        select folder + name;

    private static IEnumerable<string> Names(string location, string folder)
    {
        string path = Path.Combine(location, folder);
        return Directory.Exists(path)
            ? Directory.GetDirectories(path).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)
            : [];
    }

    private static CompletionResult Result(string run)
    {
        string path = Path.DirectorySeparatorChar == '/' ? run : run.Replace('/', '\\');
        string text = path.AsSpan().IndexOfAny(" '$`;,()[]{}&|<>@#") < 0 ? path : $"'{path.Replace("'", "''")}'";
        return new(text, path, CompletionResultType.ProviderContainer, Hint(path));
    }

    private static string Hint(string folder)
    {
        try
        {
            TrainingRun run = TrainingRun.Read(Path.Combine(SessionValues.Location ?? "", folder));
            string best = run.Best is { MAP: { } map } ? FormattableString.Invariant($", mAP50-95 {map:0.000}") : "";
            return FormattableString.Invariant($"{Counted.Of(run.Epochs.Count, "epoch")}{best}{(run.Completed ? "" : ", not finished")}");
        }
        catch (YoloTuneException error)
        {
            return error.Message;
        }
    }
}
