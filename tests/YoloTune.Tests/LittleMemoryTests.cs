using Xunit;
using YoloTune.Commands.Tests.Hosting;

namespace YoloTune.Commands.Tests;

/// <summary>A training that the system gives no more memory to: the process lives, says what to do, and trains with less.</summary>
public sealed class LittleMemoryTests
{
    private const string Train = """
        param($manifest)
        $ErrorActionPreference = 'Stop'
        Import-Module $manifest
        $data = [System.IO.Path]::Combine($PSScriptRoot, 'data', 'data.yaml')
        $output = [System.IO.Path]::Combine($PSScriptRoot, 'run')
        $options = @{ Data = $data; Epochs = 1; Workers = 1; Precision = 'Float32'; NoPlots = $true; OutputPath = $output }
        $model = New-YoloModel ([System.IO.Path]::Combine($PSScriptRoot, 'tiny.yaml')) -ClassName circle, square
        # All code has run once before memory becomes short.
        $model = $model | Start-YoloTraining @options -ImageSize 64 -BatchSize 4
        $now = [System.Diagnostics.Process]::GetCurrentProcess().VirtualMemorySize64
        prlimit --pid $PID "--as=$($now + 300MB)"
        try { $null = $model | Start-YoloTraining @options -ImageSize 2560 -BatchSize 10 }
        catch { "$($_.FullyQualifiedErrorId)"; $_.Exception.Message }
        $model = $model | Start-YoloTraining @options -ImageSize 64 -BatchSize 4
        "trained $($model.Run.Completed)"
        """;

    [SkippableFact]
    public void A_batch_that_does_not_fit_into_memory_is_told_and_a_smaller_one_is_trained()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/usr/bin/prlimit"), "prlimit is not here.");
        using TinyTraining tiny = new();
        tiny.Host().Dispose();
        string script = Path.Combine(tiny.Folder, "train.ps1");
        File.WriteAllText(script, Train);
        PwshRun run = PwshProcess.RunFile(script, "-manifest", Repository.Manifest);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("Training,YoloTune.Commands.StartYoloTrainingCommand", run.Output, StringComparison.Ordinal);
        Assert.Contains("Lower -BatchSize (to 5) or -ImageSize.", run.Output, StringComparison.Ordinal);
        Assert.Contains("last.pt", run.Output, StringComparison.Ordinal);
        Assert.Contains("trained True", run.Output, StringComparison.Ordinal);
    }
}
