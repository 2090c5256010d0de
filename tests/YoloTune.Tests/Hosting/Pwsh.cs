using System.Diagnostics;
using System.Reflection;

namespace YoloTune.Commands.Tests.Hosting;

/// <summary>The PowerShell of .config/dotnet-tools.json, which the restore puts among the packages.</summary>
internal static class Pwsh
{
    private static string Folder { get; } = Metadata("PowerShell");

    /// <summary>How to start it, with all streams redirected.</summary>
    public static ProcessStartInfo Start(params string[] arguments)
    {
        // Not through the tool's command, which starts a process of its own: a signal would reach only the first.
        string pwsh = Path.Combine(Folder, OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll");
        ProcessStartInfo start = new("dotnet", [pwsh, "-NoProfile", "-NonInteractive", .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        // An engine that this process hosts has set it for its own modules.
        start.Environment.Remove("PSModulePath");
        ForgetBuild(start);
        return start;
    }

    /// <summary>Takes away what the run of the tests tells its children of MSBuild: a build in a child is one of its own.</summary>
    public static void ForgetBuild(ProcessStartInfo start)
    {
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToArray())
        {
            if (!name.Equals("MSBUILDDISABLENODEREUSE", StringComparison.OrdinalIgnoreCase)) start.Environment.Remove(name);
        }
    }

    /// <summary>What the project file says of the packages' places.</summary>
    public static string Metadata(string key) =>
        typeof(Pwsh).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == key).Value!;
}
