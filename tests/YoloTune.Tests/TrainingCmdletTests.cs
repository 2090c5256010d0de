using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>What of a training only a host sees: progress and stopping.</summary>
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
    public void Training_shows_its_progress_and_its_result()
    {
        HostResult result = host.Run("$null = $model | Start-YoloTraining @options");
        Assert.Empty(result.Errors);
        Assert.Contains(result.Information, text => text.StartsWith("Trained: best mAP50-95", StringComparison.Ordinal));
        // How many reports come through depends on the time they take; the bar itself always does.
        Assert.Contains(result.Progress, record => record.Activity == "Training tiny (2 classes)");
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
}
