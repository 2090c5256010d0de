using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using YoloTune.Models;

namespace YoloTune.Commands.Completion;

/// <summary>The base of completers that offer names, in their order, with a hint for each.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        YoloModel? model = SessionValues.ModelOf(commandAst, fakeBoundParameters);
        WildcardPattern pattern = WildcardPattern.Get(wordToComplete.Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return from entry in Names(model, fakeBoundParameters)
               where pattern.IsMatch(entry.Name)
               let text = entry.Name.AsSpan().IndexOfAny(" '$`;,()[]{}") < 0 ? entry.Name : "'" + entry.Name.Replace("'", "''") + "'"
               select new CompletionResult(text, entry.Name, CompletionResultType.ParameterValue, entry.Hint);
    }

    /// <summary>What is offered.</summary>
    /// <param name="model">The model that was given on the command line, or is piped from a variable; null otherwise.</param>
    protected abstract IEnumerable<(string Name, string Hint)> Names(YoloModel? model);

    /// <summary>What is offered where other parameters count.</summary>
    /// <param name="model">As above.</param>
    /// <param name="bound">The parameters that stand on the line, by name.</param>
    private protected virtual IEnumerable<(string Name, string Hint)> Names(YoloModel? model, IDictionary bound) => Names(model);
}
