using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.DatasetTools.Conversion;
using YoloTune.Networks;
using YoloTune.Tasks;

namespace YoloTune.Commands;

/// <summary>Makes a dataset in YOLO layout of annotations in COCO, Pascal VOC or LabelMe format.</summary>
[Cmdlet(VerbsData.ConvertTo, "YoloDataset", SupportsShouldProcess = true)]
[OutputType(typeof(ConversionResult))]
public sealed class ConvertToYoloDatasetCommand : YoloCmdlet
{
    private readonly List<ConversionSource> sources = [];

    /// <summary>COCO JSON files, or folders or files of VOC XML or LabelMe JSON; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The folder of the dataset; made when it is not there, added to when it holds a dataset.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("OutputPath")]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>
    /// Folders that hold the images, in sub-folders too; without it they are looked for where the format usually has them.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ImagePath { get; set; } = [];

    /// <summary>The format; found out from the content when not given.</summary>
    [Parameter]
    public AnnotationFormat? Format { get; set; }

    /// <summary>The task that the labels are for: boxes for Detect, outlines for Segment.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public NetworkTask Task { get; set; } = NetworkTask.Default;

    /// <summary>
    /// The split that is made. Without it the name of a folder or COCO file tells (instances_val2017.json), otherwise it is train.
    /// </summary>
    [Parameter]
    [ValidateSet("train", "val", "test", "minival")]
    public string? Split { get; set; }

    /// <summary>The classes to take, in this order; all when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ClassName { get; set; } = [];

    /// <summary>Make symbolic links to the images in place of copies.</summary>
    [Parameter]
    public SwitchParameter Link { get; set; }

    /// <summary>VOC corners count from 0 and are edges; the format says that they are pixels that count from 1.</summary>
    [Parameter]
    public SwitchParameter ZeroBased { get; set; }

    /// <summary>Keep VOC and DOTA objects marked difficult.</summary>
    [Parameter]
    public SwitchParameter IncludeDifficult { get; set; }

    /// <summary>Make images that no annotation names background images.</summary>
    [Parameter]
    public SwitchParameter IncludeBackground { get; set; }

    /// <summary>Replace splits that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (!Task.PredictsObjects)
        {
            throw new SelectionException(
                $"annotations of objects make no dataset for {Task}, whose labels are the folders that images lie in.",
                remedy: "Sort the images into a folder per class; Split-YoloDataset divides them.");
        }
        foreach (string path in Paths.Existing(Path)) sources.Add(new(path, Split ?? DatasetConverter.DefaultSplit(path, Format)));
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (sources.Count == 0) return;
        string destination = Paths.OutputFolder(Destination);
        string splits = string.Join(", ", sources.Select(source => source.Split).Distinct());
        if (!ShouldProcess(destination, $"Convert {string.Join(", ", sources.Select(source => $"'{source.Path}'"))} to {splits}")) return;
        ConversionOptions options = new()
        {
            Sources = sources,
            Destination = destination,
            Format = Format,
            Rows = YoloTask.ToTrain(Task, "A dataset").LabelRows,
            ImagePaths = [.. ImagePath.Select(Paths.One)],
            ClassNames = ClassName,
            Link = Link,
            ZeroBased = ZeroBased,
            IncludeDifficult = IncludeDifficult,
            IncludeBackground = IncludeBackground,
            Force = Force,
        };
        ConversionResult result = RunOnWorker(messages => DatasetConverter.Convert(
            options, new CountProgressSink(messages, $"Converting to {destination}", "images"), messages.Cancellation));
        if (result.Skipped.Count > 0)
        {
            string counts = string.Join(
                ", ", result.SkippedByReason.Select(group => FormattableString.Invariant($"{group.Count} {group.Reason}")));
            string firsts = string.Join(" ", result.SkippedByReason.Select(group => group.First.Detail));
            WriteWarning($"Left out: {counts}. First: {firsts} The property Skipped has them all.");
        }
        if (result.BoxOutlines > 0)
        {
            WriteWarning(result.BoxOutlines == 1
                ? "1 object has a box only; its four corners stand for the outline."
                : FormattableString.Invariant($"{result.BoxOutlines} objects have a box only; its four corners stand for the outline."));
        }
        WriteObject(result);
    }
}
