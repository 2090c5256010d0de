using System.Management.Automation;
using YoloTune.Checkpoints;
using YoloTune.Commands.Base;

namespace YoloTune.Commands;

/// <summary>Writes a model to a file.</summary>
[Cmdlet(VerbsData.Export, "YoloModel", DefaultParameterSetName = PipelineSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportYoloModelCommand : YoloModelCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PipelineSet)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PositionSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The format; told by the extension when not given: .safetensors, otherwise a state dict.</summary>
    [Parameter]
    public ModelFileFormat? Format { get; set; }

    /// <summary>Write floating-point values as float16, half the size.</summary>
    [Parameter]
    public SwitchParameter Half { get; set; }

    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        string path = Paths.Output(Path);
        ModelFileFormat format = Format ?? ModelExporter.FormatOf(path);
        if (!ShouldWrite(path, Force, $"Export {Model} as {format}")) return;
        ModelExporter.Write(Model, path, format, Half);
        WriteObject(new FileInfo(path));
    }
}
