using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Data;
using YoloTune.DatasetTools.Sheets;

namespace YoloTune.Commands;

/// <summary>Shows labelled images of a dataset as contact sheets, and what its labels look like together.</summary>
[Cmdlet(VerbsCommon.Show, "YoloDataset", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ShowYoloDatasetCommand : PictureCmdlet
{
    private static readonly DatasetSheetOptions Defaults = new();

    /// <summary>The dataset: its YAML file, or a folder that holds one, or one with a folder per class.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath", "Data")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Classes that get sheets of their own; wildcards are allowed. All together when not given.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DatasetClassCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Class { get; set; }

    /// <summary>The splits to show; all when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SplitCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Split { get; set; }

    /// <summary>The most images to show, of each class where classes have sheets of their own.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int Count { get; set; } = Defaults.Count;

    /// <summary>Which images come first.</summary>
    [Parameter]
    public DatasetSort Sort { get; set; } = Defaults.Sort;

    /// <inheritdoc/>
    protected override void Process()
    {
        DatasetDescription description = DatasetDescription.Load(Paths.One(Path));
        int[]? classes = NamePattern.Positions(Class, description.Names, "class");
        DatasetSheetOptions options = Defaults with { Splits = Split, Classes = classes, Count = Count, Sort = Sort };
        Draw([], (folder, messages) => DatasetSheets.Draw(description, options, folder, messages.Cancellation));
    }
}
