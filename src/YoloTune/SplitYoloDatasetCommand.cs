using System.Management.Automation;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.DatasetTools.Checks;
using YoloTune.DatasetTools.Splitting;

namespace YoloTune.Commands;

/// <summary>Divides a dataset into train, val and test with the classes in balance and copies kept together.</summary>
[Cmdlet(VerbsCommon.Split, "YoloDataset", SupportsShouldProcess = true)]
[OutputType(typeof(DatasetPart))]
public sealed class SplitYoloDatasetCommand : YoloCmdlet
{
    private static readonly DatasetSplitOptions Defaults = new();

    /// <summary>The dataset's YAML file, a folder that holds one, or a folder of images with label files.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath", "Data")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The folder for the lists and the YAML, or for the copies; the dataset's folder when not given.</summary>
    [Parameter(Position = 1)]
    [Alias("OutputPath")]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Fraction of the images that becomes val.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Validation { get; set; } = Defaults.Validation;

    /// <summary>Fraction of the images that becomes test.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Test { get; set; } = Defaults.Test;

    /// <summary>The same seed divides the same images in the same way, wherever they lie.</summary>
    [Parameter]
    public long Seed { get; set; } = Defaults.Seed;

    /// <summary>The splits whose images are divided; all when not given. Others stay as they are.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SplitCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Split { get; set; } = [];

    /// <summary>The most bits, of 512, by which the hashes of near duplicates differ; 0 keeps only equal files together.</summary>
    [Parameter]
    [ValidateRange(0, ImageHash.Bits)]
    public int HashDistance { get; set; } = Defaults.HashDistance;

    /// <summary>Copy images and labels into folders in place of writing lists.</summary>
    [Parameter]
    public SwitchParameter Copy { get; set; }

    /// <summary>Replace lists, YAML or copies that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        string path = Paths.One(Path);
        string? destination = Destination is null ? null : Paths.OutputFolder(Destination);
        string folder = destination ?? (File.Exists(path) ? System.IO.Path.GetDirectoryName(path)! : path);
        FormattableString action =
            $"Divide '{path}': {Validation:0.####} val, {Test:0.####} test, seed {Seed}, as {(Copy ? "copies" : "lists")}";
        if (!ShouldProcess(folder, FormattableString.Invariant(action))) return;
        DatasetSplitOptions options = Defaults with
        {
            Destination = destination,
            Validation = Validation,
            Test = Test,
            Seed = Seed,
            Splits = Split,
            HashDistance = HashDistance,
            Copy = Copy,
            Force = Force,
        };
        IReadOnlyList<DatasetPart> parts = RunOnWorker(messages => DatasetSplitter.Split(
            path, options, problems => messages.Warning(DatasetProblems.Summary(problems)),
            new CountProgressSink(messages, $"Dividing {path}", "images"), messages.Cancellation));
        double largest = parts.Max(part => part.LargestGroup) / (double)parts.Sum(part => part.Images);
        if (largest > parts.Min(part => part.WantedShare))
        {
            WriteWarning(FormattableString.Invariant($"{parts.Max(part => part.LargestGroup)} images stay together as near copies, ")
                + "more than a part should have. A smaller -HashDistance makes smaller groups.");
        }
        WriteObject(parts, enumerateCollection: true);
    }
}
