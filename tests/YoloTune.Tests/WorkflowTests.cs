using System.Globalization;
using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>
/// Whole ways from a checkpoint to a result, in the hosted engine. The specs tests/Workflow.*.Tests.ps1 go the same ways in pwsh and are
/// written to be read.
/// </summary>
public sealed class WorkflowTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ModuleHost host = new();

    public WorkflowTests()
    {
        string shapes = Path.Combine(Repository.Root, "samples", "shapes");
        host.Enter(folder.Path);
        host.Set("checkpoint", Path.Combine(shapes, "shapes.safetensors"));
        host.Set("architecture", Path.Combine(shapes, "shapes.yaml"));
    }

    public void Dispose()
    {
        host.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void From_a_checkpoint_to_a_detector_of_other_classes_that_comes_back_from_its_files()
    {
        Run("""
            $classes = 'ring', 'heart', 'gear'
            $data = (New-YoloSampleDataset shapes -Count 40 -ClassName $classes -ImageSize 128 -Seed 1).FullName
            $source = Import-YoloModel $checkpoint
            $model = New-YoloModel $architecture -ClassName $classes
            $behind = @(Get-YoloTransferPlan $model -Source $source | Where-Object Status -NE Transfer)
            """);
        Is("6", "$behind.Count");
        Is("True", "(Test-YoloDataset $data -Quiet)");

        Run("$model = $model | Copy-YoloWeights -Source $source | Set-YoloFreeze -Origin Transferred");
        Is("493", "$model.Transfer.Transferred");
        Is("True", "$model.TrainableParameterCount -lt 1000");

        Run("""
            $before = $model | Set-YoloFreeze -None | Measure-YoloModel -Data $data -ImageSize 128
            $stages = (New-YoloStage 1 -Name head -Freeze Backbone, Neck -NominalBatchSize 0),
                (New-YoloStage 3 -Name all -Freeze None -NominalBatchSize 0 -WarmupEpochs 0.5)
            $model = $model | Start-YoloTraining $data -Stage $stages -ImageSize 128 -BatchSize 8 -OutputPath runs/shapes -NoPlots
            $after = $model | Measure-YoloModel -Data $data -ImageSize 128
            $found = @(Invoke-YoloPrediction $model shapes/images/val -ImageSize 128 -Confidence 0.05 -OutputPath seen)
            """);
        Is("head all all all", "\"$($model.Run.Epochs.Stage)\"");
        Is("True", "$after.MAP50 -gt $before.MAP50");
        Is("True", "$found.Count -gt 0");

        Run("""
            $null = $model | Export-YoloModel shapes.pt
            $null = $model | Export-YoloModel shapes.onnx -ImageSize 128 -Dynamic
            $different = @(Compare-YoloModel $model (Import-YoloModel shapes.pt) | Where-Object Status -NE Equal)
            $boxes = @(Invoke-YoloPrediction shapes.onnx shapes/images/val -ImageSize 128 -Confidence 0.05)
            """);
        Is("0", "$different.Count");
        Is("True", "$boxes.Count -eq $found.Count");
    }

    [Fact]
    public void A_new_class_is_learned_while_the_old_ones_keep_every_digit()
    {
        Run("""
            $model = Import-YoloModel $checkpoint
            $old = $model.ClassNames
            $oldData = (New-YoloSampleDataset old -Count 20 -ClassName $old -ImageSize 128 -Seed 5).FullName
            $newData = (New-YoloSampleDataset new -Count 40 -ClassName ring -ImageSize 128 -Seed 6).FullName
            $before = Measure-YoloModel $model -Data $oldData -ImageSize 128
            $model = $model | Add-YoloClass ring | Set-YoloFreeze -All -ExceptClass ring -WarningAction Ignore |
                Start-YoloTraining $newData -Epochs 4 -ImageSize 128 -BatchSize 8 -NominalBatchSize 0 -LearningRate 0.02 -NoPlots
            $new = (Measure-YoloModel $model -Data $newData -ImageSize 128 -NewClass ring).Groups | Where-Object Name -EQ New
            $after = Measure-YoloModel $model -Data $oldData -ImageSize 128 -Class $old
            $null = $model | Remove-YoloClass ring
            $different = @(Compare-YoloModel (Import-YoloModel $checkpoint) $model | Where-Object Status -NE Equal)
            """);
        Is("True", "$new.MAP50 -gt 0.1");
        Is("True", "$after.MAP -eq $before.MAP");
        Is("0", "$different.Count");
    }

    [Fact]
    public void A_run_is_found_again_made_longer_and_gone_on_from()
    {
        Run("""
            $data = (New-YoloSampleDataset shapes -Count 40 -ClassName ring, heart -ImageSize 96 -Seed 1).FullName
            $model = Import-YoloModel $checkpoint | Set-YoloClass ring, heart
            $found = $model | Find-YoloLearningRate $data -ImageSize 96 -Optimizer AdamW -Steps 60
            $null = $model | Set-YoloLearningRate -LayerDecay 0.9 |
                Start-YoloTraining $data -Epochs 2 -ImageSize 96 -Optimizer AdamW -LearningRate $found.Suggestion -NominalBatchSize 0 -NoPlots
            $longer = Get-YoloRun runs/train | Resume-YoloTraining -AdditionalEpochs 1
            $next = Get-YoloRun runs/train | ForEach-Object BestWeights | Import-YoloModel | Set-YoloFreeze -Part Backbone |
                Start-YoloTraining $data -Epochs 1 -ImageSize 96 -NoPlots -OutputPath runs/next
            """);
        Is("True", "$longer.Run.Options['lr0'] -eq $found.Suggestion");
        Is("1 2 3", "\"$($longer.Run.Epochs.Epoch)\"");
        Is("2", "@(Get-YoloRun runs).Count");
        Is("True", "$next.Run.Completed");
    }

    private void Run(string script)
    {
        HostResult result = host.Run(script);
        Assert.True(result.Errors.Count == 0, string.Join('\n', result.Errors));
    }

    private void Is(string expected, string script) =>
        Assert.Equal(expected, string.Format(CultureInfo.InvariantCulture, "{0}", host.Run(script).Single));
}
