using System.Management.Automation;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Runs.Records;

namespace YoloTune.Commands;

/// <summary>Puts training runs side by side: what they reached, and the options that tell them apart.</summary>
[Cmdlet(VerbsData.Compare, "YoloRun")]
[OutputType(typeof(RunComparison))]
public sealed class CompareYoloRunCommand : YoloCmdlet
{
    private readonly List<TrainingRun> runs = [];

    /// <summary>Runs from Get-YoloRun, trained models, run folders, or folders that hold runs; the folder runs when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Path", "FullName", "PSPath", "Directory")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RunCompleter))]
    [ValidateNotNullOrEmpty]
    public object[] Run { get; set; } = ["runs"];

    /// <inheritdoc/>
    protected override void Process() => runs.AddRange(new RunInputs(this, Paths).Read(Run));

    /// <inheritdoc/>
    protected override void End()
    {
        TrainingRun[] distinct = [.. runs.DistinctBy(run => run.Directory)];
        if (distinct.Length > 0) WriteObject(TaskViews.Mark(RunComparison.Compare(distinct)), enumerateCollection: true);
    }
}
