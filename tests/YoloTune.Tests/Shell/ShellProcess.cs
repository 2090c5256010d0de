using System.Diagnostics;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests.Shell;

/// <summary>Runs the built YoloTune.Shell as a process of its own, with all streams redirected.</summary>
internal static class ShellProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs to the end.</summary>
    public static ShellRun Run(params string[] arguments) => Run("", arguments);

    /// <summary>Runs to the end with a text as its input.</summary>
    public static ShellRun Run(string input, string[] arguments)
    {
        using Process process = Start(arguments);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return Finish(process, process.StandardOutput.ReadToEndAsync());
    }

    /// <summary>Waits until a line of output equals <paramref name="signal"/>, sends Ctrl+C's signal, and returns what followed.</summary>
    public static ShellRun RunAndInterrupt(string signal, params string[] arguments)
    {
        using Process process = Start(arguments);
        while (process.StandardOutput.ReadLine() is { } line && line != signal)
        {
        }
        using Process kill = Process.Start("kill", ["-INT", process.Id.ToString()]);
        kill.WaitForExit();
        return Finish(process, process.StandardOutput.ReadToEndAsync());
    }

    /// <summary>Kills the process, without a chance to clean up, some time after a condition has come true; false where it ended before.</summary>
    public static bool RunAndKill(Func<bool> condition, TimeSpan later, params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        Stopwatch waited = Stopwatch.StartNew();
        while (!process.HasExited && !condition() && waited.Elapsed < Limit) Thread.Sleep(5);
        bool kills = !process.WaitForExit(later);
        if (kills) process.Kill();
        process.WaitForExit();
        Task.WaitAll(output, error);
        return kills;
    }

    private static Process Start(string[] arguments)
    {
        string configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        string shell = Path.Combine(Repository.Root, "src", "YoloTune.Shell", "bin", configuration, "net10.0", "YoloTune.Shell.dll");
        ProcessStartInfo start = new("dotnet", [shell, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static ShellRun Finish(Process process, Task<string> output)
    {
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The shell did not end within {Limit.TotalSeconds} s. Its errors so far: {error.Result}");
        }
        return new(process.ExitCode, output.Result, error.Result);
    }
}
