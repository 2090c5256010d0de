using System.Management.Automation;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Loader;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

public sealed class ImportTests
{
    [Fact]
    public void Removing_the_module_removes_its_cmdlets()
    {
        using ModuleHost host = new();
        HostResult result = host.Run("Remove-Module YoloTune; $PSModuleAutoLoadingPreference = 'None'; Get-YoloDevice");
        Assert.StartsWith("CommandNotFoundException", result.Error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_runspace_imports_the_module_too()
    {
        using ModuleHost first = new(), second = new();
        Assert.Equal("cpu", first.Run("Get-YoloDevice cpu").Single.ToString());
        Assert.Equal("cpu", second.Run("Get-YoloDevice cpu").Single.ToString());
    }

    [Fact]
    public void Another_YamlDotNet_in_the_session_does_not_matter()
    {
        Assembly foreign = LoadForeignYamlDotNet();
        using ModuleHost host = new();

        Assert.Empty(host.Run("Import-Module $manifest -Force; Get-YoloDevice cpu").Errors);

        Assembly commands = ((CmdletInfo)host.Run("Get-Command Get-YoloDevice").Single.BaseObject).ImplementingType.Assembly;
        AssemblyLoadContext context = AssemblyLoadContext.GetLoadContext(commands)!;
        Assembly own = context.LoadFromAssemblyName(new("YamlDotNet"));
        Assert.Equal(new Version(1, 0, 0, 0), foreign.GetName().Version);
        Assert.Equal(Path.Combine(Repository.Root, "lib", "YamlDotNet.dll"), own.Location);
        Assert.NotSame(AssemblyLoadContext.Default, context);
    }

    [Fact]
    public void Only_the_loader_is_in_the_default_context()
    {
        using ModuleHost host = new();
        host.Run("Get-YoloDevice");
        IEnumerable<string> ours = AssemblyLoadContext.Default.Assemblies
            .Where(assembly => !assembly.IsDynamic
                && assembly.Location.StartsWith(Path.Combine(Repository.Root, "lib"), StringComparison.Ordinal))
            .Select(assembly => assembly.GetName().Name!);
        Assert.Equal(["YoloTune.Loader"], ours);
    }

    [Fact]
    public void A_second_folder_is_refused_with_the_reason()
    {
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(Repository.Root, "YoloTune.psm1"), folder.File("YoloTune.psm1"));
        Directory.CreateDirectory(folder.File("lib"));
        File.Copy(Path.Combine(Repository.Root, "lib", "YoloTune.Loader.dll"), Path.Combine(folder.Path, "lib", "YoloTune.Loader.dll"));
        using ModuleHost host = new();
        host.Set("other", WildcardPattern.Escape(folder.File("YoloTune.psm1")));

        HostResult result = host.Run("Import-Module $other");

        Assert.Contains("already loaded from", result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkout_without_a_build_says_how_to_build()
    {
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(Repository.Root, "YoloTune.psm1"), folder.File("YoloTune.psm1"));
        using ModuleHost host = new(import: false);
        host.Set("other", WildcardPattern.Escape(folder.File("YoloTune.psm1")));
        Assert.Contains("dotnet build -c Release", host.Run("Import-Module $other").Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_manifest_is_valid_and_lists_every_cmdlet()
    {
        using ModuleHost host = new();
        HostResult result = host.Run("Test-ModuleManifest $manifest");
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);

        var listed = ((PSModuleInfo)result.Single.BaseObject).ExportedCmdlets.Keys.Order();
        var commands = ((CmdletInfo)host.Run("Get-Command Get-YoloDevice").Single.BaseObject).ImplementingType.Assembly;
        var written = commands.GetExportedTypes().Select(type => type.GetCustomAttribute<CmdletAttribute>()).OfType<CmdletAttribute>()
            .Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}").Order();
        Assert.Equal(written, listed);
    }

    [Fact]
    public void The_manifest_says_what_a_gallery_shows()
    {
        using ModuleHost host = new();
        PSModuleInfo module = (PSModuleInfo)host.Run("Test-ModuleManifest $manifest").Single.BaseObject;
        Assert.Equal(new Version(7, 4), module.PowerShellVersion);
        Assert.Equal(["Core"], module.CompatiblePSEditions);
        Assert.NotEqual(Guid.Empty, module.Guid);
        Assert.All([module.Author, module.CompanyName, module.Copyright, module.Description, module.ReleaseNotes], text =>
            Assert.NotEmpty(text));
        Assert.Equal("https://opensource.org/license/mit", module.LicenseUri.ToString());
        Assert.Superset(new HashSet<string>(["PSEdition_Core", "Windows", "Linux", "MacOS"]), module.Tags.ToHashSet());
        Assert.All(module.Tags, tag => Assert.DoesNotContain(' ', tag));
        Assert.Equal([Path.Combine(Repository.Root, "YoloTune.Format.ps1xml")], module.ExportedFormatFiles);
        Assert.Equal("YoloTune.psm1", module.RootModule);
    }

    [Fact]
    public void The_module_ships_no_engine_of_PowerShell_and_nothing_that_is_never_loaded()
    {
        string[] files =
            [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "lib"), "*", SearchOption.AllDirectories).Select(Path.GetFileName)!];
        Assert.DoesNotContain("System.Management.Automation.dll", files);
        Assert.DoesNotContain(files, file => file.Contains("torch_python", StringComparison.Ordinal));
        Assert.DoesNotContain("libSkiaSharp.pdb", files);
    }

    [Fact]
    public void ONNX_Runtime_is_not_loaded_before_a_file_needs_it()
    {
        using TemporaryFolder folder = new();
        string script = folder.File("a.ps1", """
            param($manifest)
            Import-Module $manifest
            $m = New-YoloModel yolov5n -ClassName cat
            $null = $m | Export-YoloModel ([IO.Path]::Combine($PSScriptRoot, 'm.onnx'))
            [AppDomain]::CurrentDomain.GetAssemblies().ForEach({ $_.GetName().Name }) -contains 'Microsoft.ML.OnnxRuntime'
            [Diagnostics.Process]::GetCurrentProcess().Modules.ForEach({ $_.ModuleName }).Where({ $_ -like '*onnxruntime*' }).Count
            """);
        PwshRun run = PwshProcess.RunFile(script, "-manifest", Repository.Manifest);
        Assert.Equal(["False", "0"], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2..]);
    }

    private static Assembly LoadForeignYamlDotNet()
    {
        PersistedAssemblyBuilder builder = new(new("YamlDotNet") { Version = new(1, 0, 0, 0) }, typeof(object).Assembly);
        builder.DefineDynamicModule("YamlDotNet").DefineType("YamlDotNet.Foreign", TypeAttributes.Public).CreateType();
        using MemoryStream image = new();
        builder.Save(image);
        image.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(image);
    }
}
