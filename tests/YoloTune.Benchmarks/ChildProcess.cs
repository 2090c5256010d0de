using System.Diagnostics;

namespace YoloTune.Benchmarks;

/// <summary>Another run of this program, or another program, whose printed text is the result.</summary>
internal static class ChildProcess
{
    /// <summary>Runs this program in a process of its own.</summary>
    public static string Self(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        bool hosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return Run(program, hosted ? [typeof(ChildProcess).Assembly.Location, .. arguments] : arguments);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It did not start, or ended badly.</exception>
    public static string Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true };
        using Process child = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
        string printed = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 ? printed : throw new InvalidOperationException($"'{program}' ended with status {child.ExitCode}.");
    }
}
