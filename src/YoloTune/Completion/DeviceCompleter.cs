using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using YoloTune.Devices;

namespace YoloTune.Commands.Completion;

/// <summary>Completes device names.</summary>
public sealed class DeviceCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern = WildcardPattern.Get(wordToComplete.Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return from device in YoloDevice.All()
               where pattern.IsMatch(device.Name)
               select new CompletionResult(device.Name, device.Name, CompletionResultType.ParameterValue, device.Description);
    }
}
