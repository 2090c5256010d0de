using System.Diagnostics;

namespace YoloTune.Commands.Tests.Hosting;

/// <summary>Runs scripts in a PowerShell process of their own, with all streams redirected.</summary>
internal static class PwshProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Runs a script with its arguments to the end.</summary>
    public static PwshRun RunFile(string script, params string[] arguments) => Run("", ["-File", script, .. arguments]);

    /// <summary>The same with variables of the environment.</summary>
    public static PwshRun RunFile(IReadOnlyDictionary<string, string> environment, string script, params string[] arguments) =>
        Run("", ["-File", script, .. arguments], environment);

    /// <summary>Runs a command to the end, in a folder where one is given.</summary>
    public static PwshRun RunCommand(string command, string folder = "") => Run(folder, ["-Command", command]);

    /// <summary>
    /// Runs a script and kills it, without a chance to clean up, some time after a condition has come true; false where it ended before.
    /// </summary>
    public static bool RunAndKill(Func<bool> condition, TimeSpan later, string script, params string[] arguments)
    {
        using Process process = Start(Pwsh.Start(["-File", script, .. arguments]));
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        Stopwatch waited = Stopwatch.StartNew();
        while (!process.HasExited && !condition() && waited.Elapsed < Limit) Thread.Sleep(5);
        bool kills = !process.WaitForExit(later);
        if (kills) process.Kill();
        process.WaitForExit();
        Task.WaitAll(output, error);
        return kills;
    }

    /// <summary>Runs a script in a pseudo-terminal of its own and types Ctrl+C into it once a condition has come true.</summary>
    public static PwshRun RunAndInterrupt(Func<bool> condition, string script, params string[] arguments)
    {
        ProcessStartInfo pwsh = Pwsh.Start(["-File", script, .. arguments]);
        // A process that was started in the background ignores the signal, and so do its children.
        string line = "env --default-signal=INT " + string.Join(' ', pwsh.ArgumentList.Prepend(pwsh.FileName).Select(Quote));
        ProcessStartInfo start = new("script", ["--quiet", "--return", "--command", line, "/dev/null"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Start(start, closeInput: false);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Stopwatch waited = Stopwatch.StartNew();
        while (!process.HasExited && !condition() && waited.Elapsed < Limit) Thread.Sleep(5);
        process.StandardInput.Write('\u0003');
        process.StandardInput.Flush();
        return Finish(process, output);
    }

    private static string Quote(string argument) => $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static PwshRun Run(string folder, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = Pwsh.Start(arguments);
        start.WorkingDirectory = folder;
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using Process process = Start(start);
        return Finish(process, process.StandardOutput.ReadToEndAsync());
    }

    private static Process Start(ProcessStartInfo start, bool closeInput = true)
    {
        Process process = Process.Start(start)!;
        if (closeInput) process.StandardInput.Close();
        return process;
    }

    private static PwshRun Finish(Process process, Task<string> output)
    {
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"PowerShell did not end within {Limit.TotalSeconds} s. Its errors so far: {error.Result}");
        }
        return new(process.ExitCode, output.Result, error.Result);
    }
}
