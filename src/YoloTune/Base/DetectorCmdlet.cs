using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Inference;
using YoloTune.Models;
using YoloTune.Prediction;

namespace YoloTune.Commands.Base;

/// <summary>
/// The base of cmdlets that look at images: with a model, a checkpoint or an .onnx file. The parameter sets are those of
/// <see cref="YoloModelCmdlet"/>; the one with the model as its first argument is the default, so that PowerShell tries a path there
/// first, which the transformation takes only where it ends like a model's file.
/// </summary>
public abstract class DetectorCmdlet : YoloCmdlet
{
    /// <summary>The model, or the path of a checkpoint or an .onnx file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = YoloModelCmdlet.PositionSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = YoloModelCmdlet.PipelineSet)]
    [DetectorTransformation]
    [ValidateNotNull]
    public IYoloDetector Model { get; set; } = null!;

    /// <summary>Long side of the images as the network sees them, in pixels; the model's own when not given.</summary>
    [Parameter]
    [ValidateRange(32, 8192)]
    public int? ImageSize { get; set; }

    /// <summary>The number format to compute in.</summary>
    [Parameter]
    public Precision Precision { get; set; } = new PredictionOptions().Precision;

    /// <summary>The ids of the model's classes that patterns name; null where there are none.</summary>
    /// <exception cref="SelectionException">A pattern matches no class.</exception>
    protected int[]? ClassIds(string[]? patterns) => NamePattern.Positions(patterns, Model.ClassNames, "class");

    /// <summary>The image size that was asked for; null leaves it to the model.</summary>
    /// <exception cref="SelectionException">An .onnx file takes another size only.</exception>
    protected int? SizeToUse()
    {
        if (ImageSize is not int asked || Model is not OnnxModel { FixedSize: var (height, width) } file
            || asked == Math.Max(height, width))
            return ImageSize;
        throw new SelectionException(
            FormattableString.Invariant($"'{file.Path}' takes images of {height} x {width} pixels only, and -ImageSize is {asked}."),
            remedy: "Leave -ImageSize out, or export the model with -Dynamic.");
    }
}
