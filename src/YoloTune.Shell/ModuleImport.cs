using System.Management.Automation;
using System.Management.Automation.Language;

namespace YoloTune.Shell;

/// <summary>Finds the YoloTune module that this shell was built with, and imports it.</summary>
internal static class ModuleImport
{
    private const string Manifest = "YoloTune.psd1";

    /// <summary>Imports the module; what is in the way has been said when this returns false.</summary>
    public static bool Run(ShellSession session)
    {
        string? manifest = FindManifest(AppContext.BaseDirectory);
        if (manifest is null)
        {
            session.Host.UI.WriteErrorLine($"{Manifest} was not found in '{AppContext.BaseDirectory}' or a folder above it. "
                + "Run the shell from a checkout of YoloTune: dotnet run --project src/YoloTune.Shell -c Release");
            return false;
        }
        string cmdlets = Path.Combine(Path.GetDirectoryName(manifest)!, "lib", "YoloTune.dll");
        if (!File.Exists(cmdlets))
        {
            session.Host.UI.WriteErrorLine($"'{cmdlets}' is not there: the module has not been built. Build it first: dotnet build -c Release");
            return false;
        }
        string name = CodeGeneration.EscapeSingleQuotedStringContent(WildcardPattern.Escape(manifest));
        return session.Run($"Import-Module -Name '{name}' -Global -ErrorAction Stop", addToHistory: false) == RunResult.Completed;
    }

    private static string? FindManifest(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, Manifest);
            if (File.Exists(path)) return path;
        }
        return null;
    }
}
