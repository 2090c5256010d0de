using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Models;
using YoloTune.Runs;
using YoloTune.Runs.Records;

namespace YoloTune.Commands;

/// <summary>Goes on with a training run as if it had never stopped, or makes it longer.</summary>
[Cmdlet(VerbsLifecycle.Resume, "YoloTraining", SupportsShouldProcess = true)]
[OutputType(typeof(YoloModel))]
public sealed class ResumeYoloTrainingCommand : TrainingCmdlet
{
    /// <summary>The run's folder, or a file of it such as weights/last.pt.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath", "Directory")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string Path { get; set; } = "";

    /// <summary>Epochs to train beyond those planned.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int? AdditionalEpochs { get; set; }

    /// <summary>Where the dataset is now, when it has moved.</summary>
    [Parameter]
    public string? Data { get; set; }

    /// <summary>Where to train: cpu, cuda or cuda:0; the run's own device when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Device { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        string folder = TrainingRun.FolderOf(Paths.One(Path));
        string? data = Data is null ? null : Paths.One(Data);
        if (!ShouldProcess(folder, AdditionalEpochs is { } more ? $"Train for {Counted.Of(more, "epoch")} more" : "Go on training")) return;
        WriteObject(Drive($"Training {System.IO.Path.GetFileName(folder)}",
            (hooks, cancellation) => Trainer.Resume(folder, AdditionalEpochs ?? 0, data, Device, hooks, cancellation)));
    }
}
