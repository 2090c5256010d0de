namespace YoloTune.Shell;

/// <summary>The command line of the shell, parsed.</summary>
/// <param name="Mode">What to do.</param>
/// <param name="Text">The script's path or the command's text.</param>
/// <param name="Arguments">The script's arguments, as they came.</param>
/// <param name="NoBanner">Whether the interactive prompt starts without its banner.</param>
internal sealed record ShellOptions(ShellMode Mode, string Text, IReadOnlyList<string> Arguments, bool NoBanner)
{
    public const string Usage = """
        Usage:
          YoloTune.Shell [-NoLogo]                         an interactive prompt
          YoloTune.Shell [-File] script.ps1 [arguments]    runs a script; -Name value binds to its parameters
          YoloTune.Shell -Command text                     runs the text as PowerShell
          YoloTune.Shell -Help | -Version
        From the checkout: dotnet run --project src/YoloTune.Shell -c Release -- script.ps1 [arguments]
        """;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">The command line is not one of <see cref="Usage"/>.</exception>
    public static ShellOptions Parse(IReadOnlyList<string> arguments)
    {
        bool noBanner = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            string[] rest = [.. arguments.Skip(i + 1)];
            if (!argument.StartsWith('-')) return new(ShellMode.File, argument, rest, noBanner);
            switch (argument.TrimStart('-').ToLowerInvariant())
            {
                // pwsh's switches that change nothing here are taken, so that a command line made for pwsh works.
                case "noprofile" or "nop" or "noninteractive":
                    break;
                case "nologo":
                    noBanner = true;
                    break;
                case "file" or "f":
                    if (rest.Length == 0) throw new ArgumentException($"{argument} needs the path of a script.");
                    return new(ShellMode.File, rest[0], rest[1..], noBanner);
                case "command" or "c":
                    if (rest.Length == 0) throw new ArgumentException($"{argument} needs a command.");
                    return new(ShellMode.Command, string.Join(' ', rest), [], noBanner);
                case "help" or "h" or "?":
                    return new(ShellMode.Help, "", [], noBanner);
                case "version" or "v":
                    return new(ShellMode.Version, "", [], noBanner);
                default:
                    throw new ArgumentException($"'{argument}' is not an option of this shell.");
            }
        }
        return new(ShellMode.Interactive, "", [], noBanner);
    }
}
