using System.Management.Automation;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>The cmdlets of models, transfer, classes, inspection and freezing through the hosted engine.</summary>
public sealed class ModelCmdletTests
{
    private const string Cells = "$m = New-YoloModel yolo11n -ClassName RBC, WBC, Platelets; ";

    [Fact]
    public void A_pipeline_builds_transfers_freezes_and_hands_the_same_model_on()
    {
        using ModuleHost host = new();
        HostResult result = host.Run("""
            $source = New-YoloModel yolo11n -Seed 1
            $m = New-YoloModel yolo11n -ClassName RBC, WBC, Platelets
            $n = $m | Copy-YoloWeights -Source $source | Set-YoloFreeze -Part Backbone
            [object]::ReferenceEquals($m, $n); "$m"; "$($m.Transfer)"
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["True", "yolo11n (3 classes)", "Transferred 448/499 items from yolo11n"], result.Output.Select(item => item.ToString()));
        Assert.Contains(result.Information, text => text.StartsWith("Transferred 448/499", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Get-YoloArchitecture yolo11n", "yolo11n")]
    [InlineData("(Get-YoloArchitecture yolov9?).ForEach('Name') -join ','", "yolov9t,yolov9s,yolov9m,yolov9c,yolov9e")]
    [InlineData("(Get-YoloArchitecture yolo11n).Parameters", "2624080")]
    public void Architectures_are_found_by_name_and_wildcard(string script, string expected)
    {
        using ModuleHost host = new();
        PSObject found = host.Run(script).Single;
        Assert.Equal(expected, found.Properties["Name"]?.Value?.ToString() ?? found.ToString());
    }

    [Theory]
    [InlineData("$m | Get-YoloLayer 23", 1)]
    [InlineData("Get-YoloLayer $m 0, 1", 2)]
    [InlineData("$m | Get-YoloLayer -Part Backbone", 11)]
    [InlineData("$m | Get-YoloLayer -Type C3*", 8)]
    [InlineData("$m | Get-YoloParameter model.23.cv3.0.2.*", 2)]
    [InlineData("Get-YoloParameter $m -Layer 0 -Buffer", 3)]
    [InlineData("Get-YoloParameter $m -Origin New", 499)]
    [InlineData("Get-YoloParameter $m -Frozen", 1)]
    public void Layers_and_items_are_selected(string script, int count)
    {
        using ModuleHost host = new();
        HostResult result = host.Run(Cells + script);
        Assert.Empty(result.Errors);
        Assert.Equal(count, result.Output.Count);
    }

    [Theory]
    [InlineData("Set-YoloFreeze $m -Name nope*", "Selection,YoloTune.Commands.SetYoloFreezeCommand")]
    [InlineData("Set-YoloFreeze $m -Layer 99", "Selection,YoloTune.Commands.SetYoloFreezeCommand")]
    [InlineData("Set-YoloFreeze $m -All -ExceptClass zebra", "Selection,YoloTune.Commands.SetYoloFreezeCommand")]
    [InlineData("Get-YoloLayer $m -Index 99", "Selection,YoloTune.Commands.GetYoloLayerCommand")]
    [InlineData("Get-YoloParameter $m nope*", "Selection,YoloTune.Commands.GetYoloParameterCommand")]
    [InlineData("Get-YoloArchitecture yolo99", "Selection,YoloTune.Commands.GetYoloArchitectureCommand")]
    [InlineData("New-YoloModel yolo11q -ClassCount 3", "ModelFormat,YoloTune.Commands.NewYoloModelCommand")]
    [InlineData("New-YoloModel yolo11n -ClassName a, a", "Selection,YoloTune.Commands.NewYoloModelCommand")]
    [InlineData("Set-YoloClass $m a, b -ClassMap @{ a = 'zebra' }", "Selection,YoloTune.Commands.SetYoloClassCommand")]
    [InlineData("Add-YoloClass $m rbc", "Selection,YoloTune.Commands.AddYoloClassCommand")]
    [InlineData("Remove-YoloClass $m *", "Selection,YoloTune.Commands.RemoveYoloClassCommand")]
    [InlineData("Import-YoloModel nowhere.pt", "PathNotFound,YoloTune.Commands.ImportYoloModelCommand")]
    [InlineData("Copy-YoloWeights $m -Source nowhere.pt", "PathNotFound,YoloTune.Commands.CopyYoloWeightsCommand")]
    public void What_matches_nothing_is_an_error_with_a_stable_id(string script, string id)
    {
        using ModuleHost host = new();
        HostResult result = host.Run(Cells + script);
        Assert.Equal(id, result.Errors[0].FullyQualifiedErrorId);
        Assert.Empty(host.Run("if (\"$($m.ClassNames)\" -ne 'RBC WBC Platelets') { 'changed' }").Output);
    }

    [Fact]
    public void What_if_changes_nothing()
    {
        using ModuleHost host = new();
        using TemporaryFolder folder = new();
        host.Set("file", Path.Combine(folder.Path, "m.safetensors"));
        HostResult result = host.Run(Cells + """
            $source = New-YoloModel yolo11n -Seed 1
            $null = Copy-YoloWeights $m -Source $source -WhatIf
            $null = Set-YoloFreeze $m -All -WhatIf
            $null = Set-YoloClass $m a -WhatIf
            Export-YoloModel $m -Path $file -WhatIf
            $m.Transfer; @(Get-YoloParameter $m -Frozen).Count; $m.ClassCount; [IO.File]::Exists($file)
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["1", "3", "False"], result.Output.Where(item => item is not null).Select(item => item.ToString()));
    }

    [Theory]
    [InlineData("m.safetensors")]
    [InlineData("m [1] ü.pt")]
    public void An_exported_model_comes_back_equal(string name)
    {
        using ModuleHost host = new();
        using TemporaryFolder folder = new();
        host.Set("file", Path.Combine(folder.Path, name));
        HostResult result = host.Run(Cells + """
            $null = $m | Export-YoloModel -Path $file
            $back = Import-YoloModel $file
            "$($back.ClassNames)"
            @(Compare-YoloModel $m $back | Where-Object Status -ne Equal).Count
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["RBC WBC Platelets", "0"], result.Output.Select(item => item.ToString()));
        Assert.Equal("FileExists,YoloTune.Commands.ExportYoloModelCommand", host.Run("Export-YoloModel $m -Path $file").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Classes_are_added_and_removed()
    {
        using ModuleHost host = new();
        HostResult result = host.Run(Cells + "$m | Add-YoloClass bolt | Remove-YoloClass R* | Out-Null; \"$($m.ClassNames)\"");
        Assert.Equal("WBC Platelets bolt", result.Single.ToString());
    }

    [Fact]
    public void Tables_fit_a_hundred_columns()
    {
        using ModuleHost host = new();
        HostResult result = host.Show(Cells + "$m; $m | Get-YoloLayer; $m | Get-YoloParameter -Layer 23; Get-YoloArchitecture yolo11*");
        Assert.Empty(result.Errors);
        Assert.All(result.Text.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 100));
        Assert.Contains("C3k2", result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-YoloModel yolo11n-s", "yolo11n-seg")]
    [InlineData("Set-YoloFreeze $m -Part B", "Backbone")]
    [InlineData("Get-YoloParameter -Model $m -Name model.0.c", "model.0.conv.weight")]
    [InlineData("Remove-YoloClass -Model $m -Name P", "Platelets")]
    public void Names_are_completed(string line, string expected)
    {
        using ModuleHost host = new();
        host.Run(Cells);
        Assert.Contains(expected, host.Complete(line));
    }

    [Fact]
    public void A_file_that_would_run_code_is_inspected_as_an_object_and_refused_as_a_model()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, "bad.pt"), "cos\nsystem\n(S'echo hacked'\ntR.");
        using ModuleHost host = new();
        host.Enter(folder.Path);
        HostResult result = host.Run("Import-YoloModel bad.pt -Inspect");
        Assert.Empty(result.Errors);
        Assert.Equal("Unsafe", result.Single.Properties["Verdict"].Value.ToString());
        HostResult import = host.Run("Import-YoloModel bad.pt");
        Assert.Equal("ModelFormat,YoloTune.Commands.ImportYoloModelCommand", Assert.Single(import.Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void An_inspection_lists_tensors_and_classes_without_a_model()
    {
        using TinyTraining tiny = new();
        using ModuleHost host = tiny.Host();
        HostResult result = host.Run("""
            $null = $model | Export-YoloModel m.pt; $null = $model | Export-YoloModel m.safetensors
            $a = Import-YoloModel m.pt -Inspect; $b = Import-YoloModel m.safetensors -Inspect
            "$($a.Format) $($a.Verdict) $($b.Format) $($b.Verdict)"
            $a.Tensors.Where{ $_.Name -eq 'model.model.0.conv.weight' }.Shape -join ','
            $b.Tensors.Count -eq $model.Items.Count
            $a.Globals.Where{ $_.IsDangerous }.Count
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["TorchZip Safe SafeTensors Safe", "8,3,3,3", "True", "0"], result.Output.Select(item => item.ToString()));
    }
}
