using System.Globalization;
using System.Management.Automation.Language;
using System.Text;
using System.Text.RegularExpressions;

namespace YoloTune.Shell;

/// <summary>Runs a script file as <c>pwsh -File</c> does.</summary>
internal static partial class ScriptFile
{
    /// <summary>Why the path cannot be run, or null.</summary>
    public static string? FindProblem(string path)
    {
        if (!File.Exists(path))
            return $"The script '{path}' was not found (in '{Environment.CurrentDirectory}'). Give the path of a .ps1 file.\n{ShellOptions.Usage}";
        return string.Equals(Path.GetExtension(path), ".ps1", StringComparison.OrdinalIgnoreCase)
            ? null
            : $"'{path}' has not the extension .ps1, so it is not run as a script.";
    }

    /// <summary>Runs the script and returns the exit code of the process.</summary>
    public static int Run(ShellSession session, string path, IReadOnlyList<string> arguments)
    {
        RunResult result = session.Run(ToCommand(Path.GetFullPath(path), arguments));
        if (session.ExitCode is { } code) return code;
        if (result != RunResult.Completed) return result.ToExitCode(succeeded: false);

        // `exit n` in a script file sets $LASTEXITCODE and, for n other than 0, $?. A program run by the script sets $LASTEXITCODE too,
        // but never the $? that is seen from here.
        return session.LastStatementSucceeded
            ? ExitCode.Success
            : Convert.ToInt32(session.GetVariable("LASTEXITCODE") ?? ExitCode.Failure, CultureInfo.InvariantCulture);
    }

    /// <summary>The call as PowerShell text: <c>-Name</c> stays a parameter name, every value is a literal.</summary>
    public static string ToCommand(string path, IReadOnlyList<string> arguments)
    {
        StringBuilder text = new($"& {Quote(path)}");
        foreach (string argument in arguments)
        {
            Match name = ParameterName().Match(argument);
            text.Append(' ');
            if (!name.Success) text.Append(Quote(argument));
            else if (!name.Groups["value"].Success) text.Append(argument);
            else text.Append(name.Groups["name"].Value).Append(':').Append(ToValue(name.Groups["value"].Value));
        }
        return text.ToString();
    }

    private static string ToValue(string value) => value.ToLowerInvariant() is "$true" or "$false" ? value : Quote(value);

    private static string Quote(string value) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";

    [GeneratedRegex(@"^(?<name>-[\p{L}_][\w-]*)(:(?<value>.+)?)?$", RegexOptions.Singleline)]
    private static partial Regex ParameterName();
}
