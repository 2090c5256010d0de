using System.Management.Automation;
using YoloTune.Commands.Base;
using YoloTune.Data;
using YoloTune.Data.Checks;

namespace YoloTune.Commands;

/// <summary>Checks a dataset: counts, classes, and every problem with its file and line.</summary>
[Cmdlet(VerbsDiagnostic.Test, "YoloDataset")]
[OutputType(typeof(DatasetReport), typeof(bool))]
public sealed class TestYoloDatasetCommand : YoloCmdlet
{
    /// <summary>The dataset's YAML file, or a folder that holds one.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath", "Data")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Return only whether the dataset is without problems.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        string path = Paths.One(Path);
        DatasetReport report = RunOnWorker(messages => DatasetChecker.Check(DatasetDescription.Load(path), cancellation: messages.Cancellation));
        WriteObject(Quiet ? report.IsGood : report);
    }
}
