using System.Collections.ObjectModel;
using System.Management.Automation.Host;
using System.Text;

namespace YoloTune.Shell;

/// <summary>The letters and words that answer a question with choices; '&amp;' in a label stands before its letter.</summary>
internal sealed class ChoiceKeys
{
    private readonly (string Key, string Label, string Help)[] choices;

    public ChoiceKeys(Collection<ChoiceDescription> descriptions)
    {
        choices = [.. descriptions.Select(d => (KeyOf(d.Label), d.Label.Replace("&", "", StringComparison.Ordinal), d.HelpMessage))];
    }

    /// <summary>The line that pwsh shows: <c>[Y] Yes  [N] No  [?] Help (default is "Y"): </c>.</summary>
    public string Describe(int defaultChoice)
    {
        StringBuilder line = new();
        foreach ((string key, string label, _) in choices) line.Append($"[{key}] {label}  ");
        line.Append("[?] Help");
        if (defaultChoice >= 0) line.Append($" (default is \"{choices[defaultChoice].Key}\")");
        return line.Append(": ").ToString();
    }

    public string Help() => string.Concat(choices.Select(c => $"{c.Key} - {c.Help}\n"));

    /// <summary>The choice that the answer means, or -1.</summary>
    public int Find(string answer) => Array.FindIndex(choices, c =>
        string.Equals(answer, c.Key, StringComparison.OrdinalIgnoreCase) || string.Equals(answer, c.Label, StringComparison.OrdinalIgnoreCase));

    private static string KeyOf(string label)
    {
        int mark = label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < label.Length ? label.Substring(mark + 1, 1).ToUpperInvariant() : label;
    }
}
