using System.Reflection;

namespace YoloTune.Shell;

internal static class Program
{
    /// <summary>The version of the module and of this shell, e.g. 0.1.0.</summary>
    public static string Version { get; } = typeof(Program).Assembly.GetName().Version!.ToString(3);

    private static int Main(string[] arguments)
    {
        ShellOptions options;
        try
        {
            options = ShellOptions.Parse(arguments);
        }
        catch (ArgumentException problem)
        {
            Console.Error.WriteLine(problem.Message);
            Console.Error.WriteLine(ShellOptions.Usage);
            return ExitCode.BadCommandLine;
        }

        switch (options.Mode)
        {
            case ShellMode.Help:
                Console.WriteLine(ShellOptions.Usage);
                return ExitCode.Success;
            case ShellMode.Version:
                Console.WriteLine($"YoloTune.Shell {Version}");
                return ExitCode.Success;
            case ShellMode.File when ScriptFile.FindProblem(options.Text) is { } problem:
                Console.Error.WriteLine(problem);
                return ExitCode.BadCommandLine;
        }

        Terminal terminal = Terminal.Open();
        using ShellSession session = new(terminal);
        using InterruptHandler interrupts = new(session);
        bool imported = ModuleImport.Run(session);
        if (session.ExitCode is { } early) return early;
        switch (options.Mode)
        {
            case ShellMode.Interactive:
                return new InteractiveLoop(session, terminal).Run(options.NoBanner);
            // Without the module no script of ours means anything, and the reason has been said.
            case not ShellMode.Interactive when !imported:
                return ExitCode.Failure;
            case ShellMode.File:
                return ScriptFile.Run(session, options.Text, options.Arguments);
            default:
                RunResult result = session.Run(options.Text);
                return session.ExitCode ?? result.ToExitCode(session.LastStatementSucceeded);
        }
    }
}
