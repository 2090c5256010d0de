using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>Start-YoloTraining, Resume-YoloTraining and Get-YoloRun through the hosted engine.</summary>
public sealed class TrainingCmdletTests : IDisposable
{
    private readonly TinyTraining tiny = new();
    private readonly ModuleHost host;

    public TrainingCmdletTests() => host = tiny.Host();

    public void Dispose()
    {
        host.Dispose();
        tiny.Dispose();
    }

    [Fact]
    public void Training_hands_on_the_same_model_with_its_run()
    {
        HostResult result = host.Run("""
            $trained = $model | Start-YoloTraining @options -OutputPath 'runs/first run'
            [object]::ReferenceEquals($model, $trained); $trained.Run.Epochs.Count; $trained.Run.Completed
            [System.IO.Path]::GetFileName($trained.Run.Directory)
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["True", "2", "True", "first run"], result.Output.Select(item => item.ToString()));
        Assert.Contains(result.Information, text => text.StartsWith("Trained: best mAP50-95", StringComparison.Ordinal));
        // How many reports come through depends on the time they take; the bar itself always does.
        Assert.Contains(result.Progress, record => record.Activity == "Training tiny (2 classes)");
    }

    [Fact]
    public void Verbose_tells_what_was_decided()
    {
        HostResult result = host.Run("$null = $model | Start-YoloTraining @options -Verbose");
        Assert.Empty(result.Errors);
        Assert.Contains(result.Verbose, text => text.StartsWith("Optimiser: AdamW", StringComparison.Ordinal));
        Assert.Contains(result.Verbose, text => text.Contains("Float32 on cpu, 1 data threads", StringComparison.Ordinal));
    }

    [Fact]
    public void A_given_learning_rate_wins_over_the_automatic_choice_and_is_written_down()
    {
        HostResult result = host.Run("""
            $null = $model | Start-YoloTraining @options -LearningRate 0.0042
            (Get-YoloRun).Options['lr0']; (Get-YoloRun).Options['optimizer']; (Get-YoloRun).Options['optimizer_reason']
            """);
        Assert.Empty(result.Errors);
        Assert.Equal([0.0042, "AdamW"], result.Output.Take(2).Select(item => item.BaseObject));
        Assert.Contains("as given", result.Output[2].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_if_neither_trains_nor_writes()
    {
        HostResult result = host.Show("$model | Start-YoloTraining @options -WhatIf");
        Assert.Empty(result.Errors);
        Assert.Contains("Train for 2 epochs", result.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(tiny.Folder, "runs")));
    }

    [Theory]
    [InlineData("-Epochs 0", "Epochs")]
    [InlineData("-LearningRate 0", "LearningRate")]
    [InlineData("-LearningRate ([double]::NaN)", "LearningRate")]
    [InlineData("-Augmentation @{ mosaik = 1 }", "mosaic")]
    [InlineData("-Precision Float16", "BFloat16")]
    [InlineData("-FeatureCache Memory", "-AugmentationVariants")]
    [InlineData("-AugmentationVariants 0", "AugmentationVariants")]
    public void A_value_out_of_range_names_the_option_and_writes_nothing(string arguments, string words)
    {
        host.Run("$options.Remove('Epochs'); $options.Remove('Precision')");
        HostResult result = host.Run($"$model | Start-YoloTraining @options {arguments}");
        Assert.Contains(words, result.Error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(tiny.Folder, "runs")));
    }

    [Theory]
    [InlineData("Memory")]
    [InlineData("Disk")]
    public void A_feature_cache_tells_its_size_and_is_written_down(string mode)
    {
        HostResult result = host.Run($"""
            $trained = $model | Set-YoloFreeze -First 2 | Start-YoloTraining @options -AugmentationVariants 2 -FeatureCache {mode} -Verbose
            $trained.Run.Options['feature_cache']; $trained.Run.Options['augmentation_variants']; $trained.Run.Completed
            """);
        Assert.Empty(result.Errors);
        Assert.Equal([mode.ToLowerInvariant(), "2", "True"], result.Output.Select(item => item.ToString()));
        Assert.Contains(result.Verbose, text => text.Contains("2 frozen first layers", StringComparison.Ordinal) && text.Contains(" MB", StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(tiny.Folder, "runs", "train", "features.tmp")));
    }

    [Fact]
    public void A_dataset_of_other_classes_says_how_to_give_the_model_its_classes()
    {
        HostResult result = host.Run("$model | Set-YoloClass ring 6> $null | Start-YoloTraining @options");
        Assert.StartsWith("Training,", result.Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Set-YoloClass 'circle', 'square'", result.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stopping_ends_after_the_batch_and_resuming_goes_on()
    {
        HostResult stopped = host.RunAndStop("""
            & { [CmdletBinding()] param() $PSCmdlet.WriteInformation('started', @()) }
            $options.Epochs = 500
            $null = $model | Start-YoloTraining @options
            """, "started");
        Assert.DoesNotContain(stopped.Errors, error => error.FullyQualifiedErrorId.StartsWith("Training,", StringComparison.Ordinal));
        // Stopped before the run had its folder, or in the middle: either there is nothing, or it goes on.
        if (!Directory.Exists(Path.Combine(tiny.Folder, "runs", "train"))) return;
        HostResult run = host.Run("$run = Get-YoloRun; $run.Completed; $run.Epochs.Count -lt 500");
        Assert.Equal(["False", "True"], run.Output.Select(item => item.ToString()));
    }

    [Fact]
    public void A_finished_run_goes_on_with_additional_epochs_only()
    {
        HostResult result = host.Run("""
            $null = $model | Start-YoloTraining @options
            Resume-YoloTraining runs/train
            """);
        Assert.Contains("-AdditionalEpochs", result.Error.ToString(), StringComparison.Ordinal);
        HostResult more = host.Run("(Get-YoloRun | Resume-YoloTraining -AdditionalEpochs 1).Run.Epochs.ForEach('Epoch')");
        Assert.Empty(more.Errors);
        Assert.Equal(["1", "2", "3"], more.Output.Select(item => item.ToString()));
    }

    [Fact]
    public void Runs_are_listed_with_their_figures_and_shown_within_100_columns()
    {
        HostResult result = host.Run("""
            $null = $model | Start-YoloTraining @options
            $null = $model | Start-YoloTraining @options
            Get-YoloRun
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["train", "train2"], result.Output.Select(run => Path.GetFileName((string)run.Properties["Directory"].Value)));
        HostResult shown = host.Show("Get-YoloRun; (Get-YoloRun runs/train).Epochs");
        Assert.All(shown.Text.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 100));
    }

    [Theory]
    [InlineData("Get-YoloRun data", "Training,YoloTune.Commands.GetYoloRunCommand")]
    [InlineData("Get-YoloRun nowhere", "PathNotFound,YoloTune.Commands.GetYoloRunCommand")]
    [InlineData("Resume-YoloTraining data", "Training,YoloTune.Commands.ResumeYoloTrainingCommand")]
    [InlineData("Start-YoloTraining $model nowhere.yaml", "PathNotFound,YoloTune.Commands.StartYoloTrainingCommand")]
    public void What_is_not_there_is_an_error_with_a_stable_id(string script, string id) =>
        Assert.Equal(id, host.Run(script).Error.FullyQualifiedErrorId);
}
