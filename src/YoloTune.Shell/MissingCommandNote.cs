using System.Collections;
using System.Management.Automation;

namespace YoloTune.Shell;

/// <summary>Says once for each command that was not found because it is one of pwsh's, that it is, and where it is to be had.</summary>
internal sealed class MissingCommandNote
{
    private readonly HashSet<string> said = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The note on what is new among the errors, or null.</summary>
    /// <param name="errors">The session's <c>$Error</c>.</param>
    public string? Find(object? errors)
    {
        if (errors is not IList list) return null;
        List<(string Name, string Module)> missing = [];
        foreach (object? entry in list)
        {
            Exception? exception = ((entry as PSObject)?.BaseObject ?? entry) switch
            {
                ErrorRecord record => record.Exception,
                Exception direct => direct,
                _ => null,
            };
            if (exception is CommandNotFoundException { CommandName: { } name } && OtherModules.Find(name) is { } module && said.Add(name))
                missing.Add((name, module));
        }
        if (missing.Count == 0) return null;
        string names = string.Join(", ", missing.Select(m => m.Name));
        string modules = string.Join(" and ", missing.Select(m => m.Module).Distinct());
        return $"Note: {names} {(missing.Count == 1 ? "belongs" : "belong")} to {modules}. This shell carries PowerShell's Core commands only; "
            + "pwsh has the rest.";
    }
}
