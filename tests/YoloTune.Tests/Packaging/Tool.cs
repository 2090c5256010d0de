using System.Diagnostics;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests.Packaging;

/// <summary>Runs dotnet as a process of its own.</summary>
internal static class Tool
{
    /// <summary>Runs to the end and returns the exit status and all that was written.</summary>
    public static (int Status, string Text) Dotnet(string folder, IReadOnlyDictionary<string, string>? environment,
        params string[] arguments)
    {
        ProcessStartInfo start =
            new("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        Pwsh.ForgetBuild(start);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
