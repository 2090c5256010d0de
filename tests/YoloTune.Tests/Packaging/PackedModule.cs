using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests.Packaging;

/// <summary>The module packed once by build.ps1, in the Shell, into a folder with a difficult name; and the package taken apart by NuGet.</summary>
public sealed class PackedModule : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public PackedModule()
    {
        string output = folder.File("out");
        Run(Repository.Root, null, Shell, Path.Combine(Repository.Root, "build.ps1"), "-Task", "Pack", "-Output", output);
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

    /// <summary>Runs a command in a new Shell that imports the unpacked module.</summary>
    public string RunInstalled(string command)
    {
        // The Shell imports the module of the folder that it lies in.
        string copy = Path.Combine(Installed, "shell");
        if (!Directory.Exists(copy)) Copy(Path.GetDirectoryName(Shell)!, copy);
        return Run(folder.Path, null, Path.Combine(copy, "YoloTune.Shell.dll"), "-Command", command);
    }

    private static string Rid => OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";

    private static string Configuration =>
        Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    private static string Shell => Path.Combine(Repository.Root, "src", "YoloTune.Shell", "bin", Configuration, "net10.0", "YoloTune.Shell.dll");

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
        Run(project, new Dictionary<string, string> { ["NUGET_PACKAGES"] = packages }, "restore", Path.Combine(project, "install.csproj"), "-p:UseAppHost=false");
        return Path.Combine(packages, "yolotune", Version);
    }

    private static string Run(string at, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        (int status, string text) = Tool.Dotnet(at, environment, arguments);
        return status == 0 ? text : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with status {status}:\n{text}");
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
