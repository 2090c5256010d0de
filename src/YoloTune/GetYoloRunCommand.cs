using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Runs.Records;

namespace YoloTune.Commands;

/// <summary>Lists past training runs from their folders.</summary>
[Cmdlet(VerbsCommon.Get, "YoloRun")]
[OutputType(typeof(TrainingRun))]
public sealed class GetYoloRunCommand : YoloCmdlet
{
    /// <summary>Run folders, or folders that hold run folders; wildcards are allowed. The folder runs when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string[] Path { get; set; } = ["runs"];

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (string folder in Paths.Existing(Path))
        {
            IReadOnlyList<string> runs = TrainingRun.Find(folder);
            if (runs.Count == 0)
            {
                WriteError(new TrainingException("there is no training run here.", folder,
                    remedy: "Give a run's folder, or the folder that holds runs."), folder);
            }
            foreach (string run in runs) WriteObject(TaskViews.Mark(TrainingRun.Read(run)));
        }
    }
}
