using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Runs.Records;

namespace YoloTune.Commands;

/// <summary>Shows a training run: its options, epochs, curves and best epoch.</summary>
[Cmdlet(VerbsCommon.Show, "YoloRun")]
[OutputType(typeof(RunSummary))]
public sealed class ShowYoloRunCommand : YoloCmdlet
{
    private const string DefaultFolder = "runs";

    /// <summary>Runs from Get-YoloRun, trained models or run folders; the newest run of the folder runs when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Path", "FullName", "PSPath", "Directory")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RunCompleter))]
    [ValidateNotNullOrEmpty]
    public object[]? Run { get; set; }

    /// <summary>Open the picture of the curves, results.png, with the program the system has for pictures.</summary>
    [Parameter]
    public SwitchParameter Open { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        RunInputs inputs = new(this, Paths);
        IEnumerable<TrainingRun> runs = Run is null
            ? inputs.Read([DefaultFolder]).OrderBy(run => new DirectoryInfo(run.Directory).LastWriteTimeUtc).TakeLast(1)
            : inputs.Read(Run);
        foreach (TrainingRun run in runs)
        {
            RunSummary summary = RunSummary.Of(run);
            WriteObject(summary);
            if (Open) ShowPicture(summary);
        }
    }

    private void ShowPicture(RunSummary run)
    {
        if (run.Picture is null)
        {
            WriteError(new TrainingException(
                "the run has no results.png.", run.Directory, remedy: "A run without -NoPlots has one after its last epoch."),
                    run.Directory);
            return;
        }
        try
        {
            Desktop.Open(run.Picture);
        }
        catch (IOException error)
        {
            WriteError(error, run.Picture);
        }
    }
}
