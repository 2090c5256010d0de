using System.Management.Automation;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>Learning rates, stages and the learning-rate finder through the hosted engine.</summary>
public sealed class TuningCmdletTests
{
    private const string Model = "$m = New-YoloModel yolo11n -ClassName circle, square; ";

    [Theory]
    [InlineData("-Part Backbone -Multiplier 0.1", 0, 0.1)]
    [InlineData("-Layer 22, 23 -Multiplier 3", 23, 3.0)]
    [InlineData("-Name model.4.* -Multiplier 0", 4, 0.0)]
    [InlineData("-Origin New -Multiplier 5", 0, 5.0)]
    [InlineData("-All -Multiplier 0.5", 10, 0.5)]
    [InlineData("-LayerDecay 0.5 -Minimum 0.01", 20, 0.125)]
    [InlineData("-LayerDecay 0.5 -Minimum 0.01", 2, 0.01)]
    public void Factors_are_set_and_shown(string selection, int layer, double expected)
    {
        using ModuleHost host = new();
        HostResult result = host.Run($"{Model} $n = $m | Set-YoloLearningRate {selection}; [object]::ReferenceEquals($m, $n)\n"
            + $"($m | Get-YoloLayer {layer}).LearningRateMultiplier\n@($m | Get-YoloParameter -Layer {layer})[0].LearningRateMultiplier");
        Assert.Empty(result.Errors);
        Assert.Equal([true, expected, expected], result.Output.Select(item => item.BaseObject));
    }

    [Theory]
    [InlineData("Set-YoloLearningRate $m -Name nope* -Multiplier 1", "Selection,YoloTune.Commands.SetYoloLearningRateCommand")]
    [InlineData("Set-YoloLearningRate $m -Layer 99 -Multiplier 1", "Selection,YoloTune.Commands.SetYoloLearningRateCommand")]
    [InlineData("Set-YoloLearningRate $m -Origin Transferred -Multiplier 1", "Selection,YoloTune.Commands.SetYoloLearningRateCommand")]
    [InlineData("Set-YoloLearningRate $m -All -Multiplier -1", "Selection,YoloTune.Commands.SetYoloLearningRateCommand")]
    [InlineData("Set-YoloLearningRate $m -All -Multiplier ([double]::NaN)", "Selection,YoloTune.Commands.SetYoloLearningRateCommand")]
    [InlineData("Set-YoloLearningRate $m -LayerDecay 1.5", "Selection,YoloTune.Commands.SetYoloLearningRateCommand")]
    [InlineData("New-YoloStage -Preset FineTune -Epochs 1", "Selection,YoloTune.Commands.NewYoloStageCommand")]
    [InlineData("New-YoloStage 3 -PartMultiplier @{ Tail = 1 }", "Selection,YoloTune.Commands.NewYoloStageCommand")]
    [InlineData("New-YoloStage 3 -PartMultiplier @{ Head = 'much' }", "Selection,YoloTune.Commands.NewYoloStageCommand")]
    [InlineData("New-YoloStage 3 -Augmentation @{ nonsense = 1 }", "Selection,YoloTune.Commands.NewYoloStageCommand")]
    [InlineData("New-YoloStage 3 -ExceptClass circle", "Selection,YoloTune.Commands.NewYoloStageCommand")]
    [InlineData("New-YoloStage 3 -Freeze Bakcbone", "ParameterArgumentTransformationError,YoloTune.Commands.NewYoloStageCommand")]
    [InlineData("New-YoloStage 0", "ParameterArgumentValidationError,YoloTune.Commands.NewYoloStageCommand")]
    [InlineData("Find-YoloLearningRate $m nowhere.yaml", "PathNotFound,YoloTune.Commands.FindYoloLearningRateCommand")]
    public void What_matches_nothing_or_makes_no_sense_is_an_error_with_a_stable_id(string script, string id)
    {
        using ModuleHost host = new();
        Assert.Equal(id, host.Run(Model + script).Errors[0].FullyQualifiedErrorId);
        Assert.Equal(1.0, host.Run("($m | Get-YoloLayer 0).LearningRateMultiplier").Single.BaseObject);
    }

    [Fact]
    public void What_if_sets_no_factor()
    {
        using ModuleHost host = new();
        HostResult result = host.Run(Model + "$null = Set-YoloLearningRate $m -All -Multiplier 3 -WhatIf; ($m | Get-YoloLayer 0).LearningRateMultiplier");
        Assert.Equal(1.0, result.Single.BaseObject);
    }

    [Theory]
    [InlineData("10", "the first 10 layers")]
    [InlineData("0, 1, 4", "layers 0, 1, 4")]
    [InlineData("@(3)", "layer 3")]
    [InlineData("backbone, Neck", "backbone and neck")]
    [InlineData("Transferred", "transferred items")]
    [InlineData("'model.23.cv2.*'", "items named model.23.cv2.*")]
    [InlineData("All", "everything")]
    [InlineData("None", "nothing")]
    public void Words_say_what_a_stage_freezes(string words, string expected)
    {
        using ModuleHost host = new();
        Assert.Equal(expected, host.Run($"\"$((New-YoloStage 3 -Freeze {words}).Freeze)\"").Single.ToString());
    }

    [Fact]
    public void Stages_train_as_one_run_that_measures_and_resumes()
    {
        using ModuleHost host = new();
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, "tiny.yaml"), TinyTraining.Yaml);
        host.Set("folder", folder.Path);
        HostResult result = host.Run("""
            $data = New-YoloSampleDataset "$folder/data [1]" -Count 12 -ClassName circle, square
            $m = New-YoloModel "$folder/tiny.yaml" -ClassName circle, square
            $stages = (New-YoloStage 1 -Name head -Freeze Backbone -NominalBatchSize 0), (New-YoloStage 1 -Freeze None -LayerDecay 0.9 -Schedule Continue)
            $m = $m | Start-YoloTraining $data -Stage $stages -ImageSize 64 -BatchSize 4 -Workers 1 -NoPlots -OutputPath "$folder/run"
            "$($m.Run.Stage)"; $m.Run.Epochs.Count; @(Get-YoloParameter $m -Frozen).Count
            "$((Get-YoloRun "$folder/run").Epochs.Stage)"
            $again = Resume-YoloTraining "$folder/run" -AdditionalEpochs 1
            "$($again.Run.Epochs.Stage)"
            "$($again.Run.Epochs[1].Epoch) $($again.Run.Epochs[-1].Epoch) $($again.Run.Stage[1]) $($m.ClassNames[1]) $($m.Layers[4].Type) $($m.Items[0].Name)"
            $measured = $m | Measure-YoloModel $data -ImageSize 64 -NewClass square
            "$($measured.Groups[0].Name) $($measured.Groups[1].Name) $($measured.PerClass[1].ClassName) $($measured.Groups[1].ClassNames[0])"
            (Measure-YoloModel $m $data -ImageSize 64 -Class c*).PerClass.ClassName -join ' '
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["head stage2", "2", "1", "head stage2", "head stage2 stage2", "2 3 stage2 square Detect model.0.conv.weight",
            "Old New square square", "circle"], result.Output.Select(item => item.ToString()));
        HostResult both = host.Run("Start-YoloTraining $m $data -Stage $stages -Epochs 3");
        Assert.Equal("Training,YoloTune.Commands.StartYoloTrainingCommand", both.Error.FullyQualifiedErrorId);
        HostResult wrong = host.Run("Start-YoloTraining $m $data -Stage (New-YoloStage 1 -Freeze Transferred) -OutputPath \"$folder/none\"");
        Assert.Equal("Selection,YoloTune.Commands.StartYoloTrainingCommand", wrong.Error.FullyQualifiedErrorId);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "none")));
        HostResult unknown = host.Run("Measure-YoloModel $m $data -Class zebra*");
        Assert.Equal("Selection,YoloTune.Commands.MeasureYoloModelCommand", unknown.Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_learning_rate_is_looked_for_and_the_curve_is_drawn()
    {
        using ModuleHost host = new();
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, "tiny.yaml"), TinyTraining.Yaml);
        host.Set("folder", folder.Path);
        HostResult result = host.Run("""
            $data = New-YoloSampleDataset "$folder/data" -Count 8 -ClassName circle, square
            $m = New-YoloModel "$folder/tiny.yaml" -ClassName circle, square
            $found = $m | Find-YoloLearningRate $data -ImageSize 64 -BatchSize 4 -Steps 10 -Minimum 1e-4 -Maximum 0.01 -OutputPath "$folder/curve [1].png"
            $found.Points.Count; [IO.File]::Exists($found.Plot); $null -eq $m.Run
            """);
        Assert.Empty(result.Errors);
        Assert.Equal([10, true, true], result.Output.Select(item => item.BaseObject));
        HostResult shown = host.Show("$found; $found.Points; New-YoloStage -Preset GradualUnfreeze -Epochs 10; $m | Get-YoloLayer");
        Assert.Empty(shown.Errors);
        Assert.All(shown.Text.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 100));
        Assert.Contains("Steepest", shown.Text, StringComparison.Ordinal);
        Assert.Contains("backbone below stride 32", shown.Text, StringComparison.Ordinal);
        HostResult range = host.Run("Find-YoloLearningRate $m $data -Minimum 1 -Maximum 0.1");
        Assert.Equal("Training,YoloTune.Commands.FindYoloLearningRateCommand", range.Error.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("New-YoloStage 3 -Freeze Back", "Backbone")]
    [InlineData("New-YoloStage -Preset Gr", "GradualUnfreeze")]
    [InlineData("Set-YoloLearningRate -Model $m -Name model.0.c", "model.0.conv.weight")]
    [InlineData("Measure-YoloModel -Model $m -NewClass sq", "square")]
    public void Names_are_completed(string line, string expected)
    {
        using ModuleHost host = new();
        host.Run(Model);
        Assert.Contains(expected, host.Complete(line));
    }
}
