using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Export;
using YoloTune.Files;
using YoloTune.Models;

namespace YoloTune.Commands;

/// <summary>Writes a model to a file.</summary>
[Cmdlet(VerbsData.Export, "YoloModel", DefaultParameterSetName = PipelineSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportYoloModelCommand : YoloModelCmdlet
{
    private const string FileSet = "File";
    private static readonly OnnxExportOptions Defaults = new();

    private static readonly string[] OnnxParameters =
        [nameof(ImageSize), nameof(BatchSize), nameof(Dynamic), nameof(EmbedNms), nameof(Confidence), nameof(IoU)];

    /// <summary>The file to write; with -Destination, the checkpoint to read.</summary>
    /// <remarks>By name where the model is the first argument: PowerShell would bind the second of two paths to it again.</remarks>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PipelineSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = PositionSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>
    /// The file to write, where the model, or the path of a checkpoint, stands before it: Export-YoloModel best.pt best.onnx.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = FileSet)]
    [Parameter(Position = 1, ParameterSetName = PositionSet)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>The format; told by the extension when not given: .pt, .pth (a state dict), .safetensors or .onnx.</summary>
    [Parameter]
    public ModelFileFormat? Format { get; set; }

    /// <summary>Write floating-point values as float16, half the size.</summary>
    [Parameter]
    public SwitchParameter Half { get; set; }

    /// <summary>Onnx: rows and columns of the images, or one number for both.</summary>
    [Parameter]
    [ValidateCount(1, 2)]
    [ValidateRange(1, 8192)]
    public int[]? ImageSize { get; set; }

    /// <summary>Onnx: images a pass takes.</summary>
    [Parameter]
    [ValidateRange(1, 4096)]
    public int BatchSize { get; set; } = Defaults.BatchSize;

    /// <summary>Onnx: leave the number and size of the images open.</summary>
    [Parameter]
    public SwitchParameter Dynamic { get; set; }

    /// <summary>Onnx: suppress overlapping boxes inside the graph.</summary>
    [Parameter]
    public SwitchParameter EmbedNms { get; set; }

    /// <summary>With -EmbedNms: detections below this score are left out.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Confidence { get; set; } = Defaults.Confidence;

    /// <summary>With -EmbedNms: overlap above which the weaker of two boxes of a class is suppressed.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double IoU { get; set; } = Defaults.IoU;

    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        bool isFile = ParameterSetName == FileSet;
        if (!isFile && Destination.Length > 0 && Path.Length > 0)
        {
            throw new SelectionException("-Path and -Destination both name the file to write.", remedy: "Give one of them.");
        }
        string wanted = Destination.Length > 0 ? Destination : Path;
        if (wanted.Length == 0) throw new SelectionException("there is no file to write.", remedy: "Give its path behind the model.");
        string path = Paths.Output(wanted);
        ModelFileFormat format = ModelExporter.FormatOf(path, Format);
        Check(format);
        path = Paths.OutputFile(path);
        if (isFile) Model = ModelImporter.Import(Paths.One(Path), remark: WriteWarning);
        if (!ShouldWrite(path, Force, $"Export {Model} as {format}")) return;
        switch (format)
        {
            case ModelFileFormat.Pt: ModelExporter.WritePt(Model, path, Half); break;
            case ModelFileFormat.SafeTensors: ModelExporter.WriteSafeTensors(Model, path, Half); break;
            case ModelFileFormat.Onnx: OnnxExporter.Write(Model, path, OnnxOptions()); break;
            default: ModelExporter.WriteStateDict(Model, path, Half); break;
        }
        WriteObject(new FileInfo(path));
    }

    private void Check(ModelFileFormat format)
    {
        bool IsBound(string name) => MyInvocation.BoundParameters.ContainsKey(name);
        if (format != ModelFileFormat.Onnx && OnnxParameters.FirstOrDefault(IsBound) is { } misplaced)
        {
            throw new SelectionException($"-{misplaced} is for ONNX, and the format is {format}.",
                remedy: "Give -Format Onnx, or a path that ends in .onnx.");
        }
        if (!EmbedNms && (IsBound(nameof(Confidence)) || IsBound(nameof(IoU))))
        {
            throw new SelectionException("-Confidence and -IoU are for boxes that the file suppresses itself.",
                remedy: "Give -EmbedNms too, or leave them out.");
        }
    }

    private OnnxExportOptions OnnxOptions()
    {
        OnnxExportOptions options = OnnxExportOptions.For(Model) with
        {
            BatchSize = BatchSize,
            Dynamic = Dynamic,
            Half = Half,
            EmbedNms = EmbedNms,
            Confidence = Confidence,
            IoU = IoU,
        };
        return ImageSize is null ? options : options with { Height = ImageSize[0], Width = ImageSize[^1] };
    }
}
