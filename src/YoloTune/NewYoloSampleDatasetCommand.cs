using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Data;
using YoloTune.DatasetTools.Samples;
using YoloTune.Networks;

namespace YoloTune.Commands;

/// <summary>Draws a dataset of shapes in YOLO format, for tutorials and tests.</summary>
[Cmdlet(VerbsCommon.New, "YoloSampleDataset", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo))]
public sealed class NewYoloSampleDatasetCommand : YoloCmdlet
{
    private static readonly SampleDatasetOptions Defaults = new();

    /// <summary>The folder to make.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Number of images; a fifth of them is the validation split.</summary>
    [Parameter]
    [ValidateRange(2, 1_000_000)]
    public int Count { get; set; } = Defaults.Count;

    /// <summary>One name a class: circle, square, triangle, star and so on; another name gets a shape of its own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ShapeCompleter))]
    public string[] ClassName { get; set; } = [.. Defaults.ClassNames];

    /// <summary>
    /// What models for the dataset predict: Detect draws boxes, Classify a folder per class with one shape in each image.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public NetworkTask Task { get; set; } = NetworkTask.Default;

    /// <summary>Seed of the drawings: the same seed gives the same pictures.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>Side of the square images in pixels.</summary>
    [Parameter]
    [ValidateRange(32, 4096)]
    public int ImageSize { get; set; } = Defaults.ImageSize;

    /// <summary>Replace a sample dataset that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        string folder = Paths.OutputFolder(Path);
        if (!ShouldProcess(folder, $"Draw {Counted.Of(Count, "image")}")) return;
        SampleDatasetOptions options =
            Defaults with { Task = Task, Count = Count, ClassNames = ClassName, Seed = Seed, ImageSize = ImageSize, Force = Force };
        DatasetDescription description =
            RunOnWorker(messages => SampleDataset.Create(folder, options, cancellation: messages.Cancellation));
        WriteObject(description.HasClassFolders ? new DirectoryInfo(description.File) : new FileInfo(description.File));
    }
}
