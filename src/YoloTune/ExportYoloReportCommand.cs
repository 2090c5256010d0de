using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Evaluation;
using YoloTune.Runs.Records;
using YoloTune.Runs.Reports;

namespace YoloTune.Commands;

/// <summary>Writes the report of a run or of a measurement as one page of HTML.</summary>
[Cmdlet(VerbsData.Export, "YoloReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportYoloReportCommand : YoloCmdlet
{
    /// <summary>A run, a trained model, the folder of a run, or a measurement.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Run", "Metrics")]
    [ArgumentCompleter(typeof(RunCompleter))]
    [ValidateNotNullOrEmpty]
    public object InputObject { get; set; } = "";

    /// <summary>The page to write, .html.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Replace the file when it is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private bool written;

    /// <inheritdoc/>
    protected override void Process()
    {
        string path = Paths.Output(Path);
        if (System.IO.Path.GetExtension(path).ToLowerInvariant() is not (".html" or ".htm"))
            throw new OutputException("a report is a page of HTML.", path, "Give a path that ends in .html.");
        if (InputObject is PSObject { BaseObject: YoloMetrics } or YoloMetrics)
        {
            YoloMetrics metrics = (YoloMetrics)(InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject);
            Write(path, messages => RunReport.Save(metrics, path, messages.Cancellation));
            return;
        }
        foreach (TrainingRun run in new RunInputs(this, Paths).Read([InputObject]))
        {
            Write(path, messages =>
            {
                string lacking = RunReport.Save(run, path, new EvaluationProgressSink(messages, $"Measuring {run.Name}"),
                    messages.Cancellation);
                if (lacking.Length > 0) messages.Warning(lacking);
            });
        }
    }

    private void Write(string path, Action<CommandMessages> write)
    {
        if (written)
        {
            throw new OutputException("there are several runs, and one report was written to this path.", path,
                "Give each its own: Get-YoloRun | ForEach-Object { Export-YoloReport $_ \"$($_.Name).html\" }.");
        }
        if (!ShouldWrite(path, Force, "Write report")) return;
        RunOnWorker(write);
        written = true;
        WriteObject(new FileInfo(path));
    }
}
