using System.Management.Automation;
using YoloTune.Commands.Base;
using YoloTune.Data;
using YoloTune.DatasetTools.Checks;

namespace YoloTune.Commands;

/// <summary>Checks a dataset: counts, classes, and every problem with its file and line.</summary>
[Cmdlet(VerbsDiagnostic.Test, "YoloDataset")]
[OutputType(typeof(DatasetReport), typeof(bool))]
public sealed class TestYoloDatasetCommand : YoloCmdlet
{
    private static readonly DatasetCheckOptions Defaults = new();

    /// <summary>The dataset's YAML file, or a folder that holds one.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath", "Data")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Return only whether the dataset is without problems.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Long side of the images as the network will see them, in pixels; sizes of boxes are told at this size.</summary>
    [Parameter]
    [ValidateRange(32, 8192)]
    public int ImageSize { get; set; } = Defaults.ImageSize;

    /// <summary>The most bits, of 512, by which hashes of near copies in two splits differ; 0 finds equal files only.</summary>
    [Parameter]
    [ValidateRange(0, ImageHash.Bits)]
    public int HashDistance { get; set; } = Defaults.HashDistance;

    /// <inheritdoc/>
    protected override void Process()
    {
        string path = Paths.One(Path);
        DatasetCheckOptions check = new() { ImageSize = ImageSize, HashDistance = HashDistance };
        DatasetReport report = RunOnWorker(messages =>
            DatasetChecker.Check(DatasetDescription.Load(path), cancellation: messages.Cancellation, check: check));
        WriteObject(Quiet ? report.IsGood : report);
    }
}
