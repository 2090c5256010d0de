using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests.Packaging;

/// <summary>The module packed once by build.ps1 into a folder with a difficult name; and the package taken apart by NuGet.</summary>
public sealed class PackedModule : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public PackedModule()
    {
        string output = folder.File("out");
        // The build that these tests come from has had its analyzers; they do not change what is packed.
        PwshRun run = PwshProcess.RunFile(
            new Dictionary<string, string> { ["RunAnalyzers"] = "false" },
            Path.Combine(Repository.Root, "build.ps1"), "-Task", "Pack", "-Output", output);
        if (run.ExitCode != 0) throw new InvalidOperationException($"The module was not packed:\n{run.Output}{run.Error}");
        string place = Path.Combine(output, $"{Rid}-cpu");
        Version = Path.GetFileName(Directory.GetDirectories(Path.Combine(place, "YoloTune")).Single());
        Module = Path.Combine(place, "YoloTune", Version);
        Package = Path.Combine(place, $"YoloTune.{Version}.nupkg");
        Installed = Install(place);
    }

    public string Version { get; }

    /// <summary>The module's folder, as build.ps1 lays it out.</summary>
    public string Module { get; }

    /// <summary>The .nupkg.</summary>
    public string Package { get; }

    /// <summary>The folder in which NuGet unpacked it.</summary>
    public string Installed { get; }

    public void Dispose() => folder.Dispose();

    /// <summary>Runs a command in a new PowerShell that imports the unpacked module.</summary>
    public string RunInstalled(string command)
    {
        string manifest = Path.Combine(Installed, "YoloTune.psd1").Replace("'", "''", StringComparison.Ordinal);
        PwshRun run =
            PwshProcess.RunCommand($"Import-Module ([WildcardPattern]::Escape('{manifest}')) -ErrorAction Stop; {command}", folder.Path);
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException($"'{command}' failed:\n{run.Output}{run.Error}");
    }

    private static string Rid => OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";

    /// <summary>Lets NuGet's own client take the package from the folder as a source.</summary>
    private string Install(string source)
    {
        string project = Directory.CreateDirectory(folder.File("install")).FullName;
        File.WriteAllText(Path.Combine(project, "install.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences></PropertyGroup>
              <ItemGroup><PackageDownload Include="YoloTune" Version="[{Version}]" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(project, "nuget.config"), $"""
            <configuration><packageSources><clear /><add key="local" value="{source}" /></packageSources></configuration>
            """);
        string packages = folder.File("packages");
        Run(project, new Dictionary<string, string> { ["NUGET_PACKAGES"] = packages }, "restore", Path.Combine(project, "install.csproj"),
            "-p:UseAppHost=false");
        return Path.Combine(packages, "yolotune", Version);
    }

    private static string Run(string at, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        (int status, string text) = Tool.Dotnet(at, environment, arguments);
        return status == 0
            ? text
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with status {status}:\n{text}");
    }
}
