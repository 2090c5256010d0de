using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Devices;
using YoloTune.Files;
using YoloTune.Files.Inspection;
using YoloTune.Models;
using YoloTune.Networks.Architecture;

namespace YoloTune.Commands;

/// <summary>Reads a model from a checkpoint, or tells what the checkpoint contains; nothing in the file is run.</summary>
[Cmdlet(VerbsData.Import, "YoloModel", DefaultParameterSetName = ModelSet)]
[OutputType(typeof(YoloModel), ParameterSetName = [ModelSet])]
[OutputType(typeof(CheckpointReport), ParameterSetName = [InspectSet])]
public sealed class ImportYoloModelCommand : YoloCmdlet
{
    private const string ModelSet = "Model";
    private const string InspectSet = "Inspect";

    /// <summary>Files to read: .pt of Ultralytics or YOLOv5, state dict .pt, or .safetensors. Wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The architecture, for files that hold tensors only.</summary>
    [Parameter(Position = 1, ParameterSetName = ModelSet)]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    public string? Architecture { get; set; }

    /// <summary>Class names in order, for files that name none.</summary>
    [Parameter(ParameterSetName = ModelSet)]
    public string[]? ClassName { get; set; }

    /// <summary>Where the weights live: cpu, cuda or cuda:0.</summary>
    [Parameter(ParameterSetName = ModelSet)]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "cpu";

    /// <summary>List what the file contains and whether it would run code elsewhere; no model is built.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InspectSet)]
    public SwitchParameter Inspect { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        _ = YoloDevice.Parse(Device);
        ModelDefinition? definition = Architecture is null ? null : ModelDefinition.Load(Architecture);
        foreach (string path in Paths.Existing(Path))
        {
            try
            {
                if (Inspect) WriteObject(CheckpointInspector.Inspect(path));
                else Import(path, definition);
            }
            catch (YoloTuneException exception)
            {
                WriteError(exception, path);
            }
        }
    }

    private void Import(string path, ModelDefinition? definition)
    {
        YoloModel model = ModelImporter.Import(path, definition, ClassName, WriteWarning);
        WriteVerbose($"Read {Counted.Of(model.Items.Count, "item")} of {model} from '{path}'.");
        if (model.Transfer is { } report) WriteReport(report.ToString());
        if (model.Transfer?.Warning is { } nothing) WriteWarning(nothing);
        if (Device != "cpu") model.MoveTo(Device);
        WriteObject(model);
    }
}
