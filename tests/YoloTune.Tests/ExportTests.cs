using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>Export-YoloModel's formats, and .onnx files where a model is asked for.</summary>
public sealed class ExportTests
{
    private const string Model = "$m = New-YoloModel yolov5n -ClassName cat, dog; ";

    private const string Pictures = "$null = New-YoloSampleDataset $folder -Count 8 -ClassName cat, dog -Seed 1; ";

    [Theory]
    [InlineData("m.pt", "DetectionModel")]
    [InlineData("m.PT", "DetectionModel")]
    public void The_extension_pt_gives_the_module_tree(string name, string modelClass)
    {
        using ModuleHost host = new();
        using TemporaryFolder folder = new();
        host.Set("file", folder.File(name));
        HostResult result = host.Run(Model + "$f = $m | Export-YoloModel $file; $f.Name; @(Compare-YoloModel $m (Import-YoloModel -Path $file) | Where-Object Status -ne Equal).Count");
        Assert.Empty(result.Errors);
        Assert.Equal([name, "0"], result.Output.Select(item => item.ToString()));
        Assert.Contains(modelClass, System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(folder.File(name))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Invoke-YoloPrediction -Model $file $images -Confidence 0.001")]
    [InlineData("$file | Invoke-YoloPrediction $images -Confidence 0.001")]
    [InlineData("[IO.FileInfo]$file | Invoke-YoloPrediction $images -Confidence 0.001")]
    [InlineData("Invoke-YoloPrediction ([IO.FileInfo]$file) $images -Confidence 0.001")]
    [InlineData("Invoke-YoloPrediction $file $images -Confidence 0.001")]
    public void An_onnx_file_stands_for_a_model_in_prediction(string command)
    {
        using ModuleHost host = new();
        using TemporaryFolder folder = new();
        host.Set("folder", folder.File("d"));
        host.Set("file", folder.File("m [1].onnx"));
        host.Set("images", Path.Combine(folder.File("d"), "images", "val"));
        HostResult result = host.Run(Model + Pictures + $$"""
            $null = $m | Export-YoloModel $file -ImageSize 64, 96
            $expected = @(Invoke-YoloPrediction $m $images -ImageSize 96 -Confidence 0.001)
            $found = @({{command}})
            $found.Count -gt 0; $found[0].ClassName; $found[0].Path -eq $expected[0].Path
            """);
        Assert.Empty(result.Errors);
        Assert.Equal("True", result.Output[0].ToString());
        Assert.Equal("True", result.Output[2].ToString());
    }

    [Theory]
    [InlineData("Measure-YoloModel -Model $file $folder")]
    [InlineData("Measure-YoloModel $file $folder")]
    [InlineData("$file | Measure-YoloModel $folder")]
    public void An_onnx_file_stands_for_a_model_in_measurement(string command)
    {
        using ModuleHost host = new();
        using TemporaryFolder folder = new();
        host.Set("folder", folder.File("d"));
        host.Set("file", folder.File("m.onnx"));
        HostResult result = host.Run(Model + Pictures + "$null = $m | Export-YoloModel $file -Dynamic -ImageSize 64; $x = " + command
            + "; $x.Images -gt 0; $x.GetType().Name");
        Assert.Empty(result.Errors);
        Assert.Equal(["True", "YoloMetrics"], result.Output.Select(item => item.ToString()));
    }

    [Fact]
    public void A_model_still_comes_by_position_and_by_pipeline()
    {
        using ModuleHost host = new();
        using TemporaryFolder folder = new();
        host.Set("folder", folder.File("d"));
        host.Set("images", Path.Combine(folder.File("d"), "images", "val"));
        HostResult result = host.Run(Model + Pictures + """
            $a = @(Invoke-YoloPrediction $m $images -Confidence 0 -ImageSize 64).Count
            $b = @($m | Invoke-YoloPrediction $images -Confidence 0 -ImageSize 64).Count
            $c = @(Invoke-YoloPrediction -Path $images -Model $m -Confidence 0 -ImageSize 64).Count
            $d = @($images | Invoke-YoloPrediction $m -Confidence 0 -ImageSize 64).Count
            "$($a -eq $b) $($b -eq $c) $($c -eq $d)"
            """);
        Assert.Empty(result.Errors);
        Assert.Equal("True True True", result.Single.ToString());
    }

    [Theory]
    [InlineData("Export-YoloModel $m $file -Format StateDict -Dynamic", "Selection")]
    [InlineData("Export-YoloModel $m $file -ImageSize 100", "Selection")]
    [InlineData("Export-YoloModel $m $file -Confidence 0.5", "Selection")]
    [InlineData("Invoke-YoloPrediction -Model nowhere.onnx $folder", "PathNotFound")]
    [InlineData("Export-YoloModel $m $file -ImageSize 64; Invoke-YoloPrediction -Model $file $folder -ImageSize 128", "Selection")]
    [InlineData("[IO.File]::WriteAllText($file, 'x'); Invoke-YoloPrediction -Model $file $folder", "ModelFormat")]
    public void What_does_not_fit_is_said(string command, string id)
    {
        using ModuleHost host = new();
        using TemporaryFolder folder = new();
        host.Set("folder", folder.File("d"));
        host.Set("file", folder.File("m.onnx"));
        HostResult result = host.Run(Model + Pictures + command);
        Assert.StartsWith(id + ",", result.Errors[0].FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void ONNX_Runtime_is_not_loaded_before_a_file_needs_it()
    {
        // In a process of its own, for the other tests here have loaded it.
        using TemporaryFolder folder = new();
        string script = folder.File("a.ps1");
        File.WriteAllText(script, """
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
}
