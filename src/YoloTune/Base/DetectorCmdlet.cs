using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Inference;
using YoloTune.Models;
using YoloTune.Prediction;

namespace YoloTune.Commands.Base;

/// <summary>
/// The base of cmdlets that look at images: with a model, or with an .onnx file given by its path. The parameter sets are those of
/// <see cref="YoloModelCmdlet"/>; the one with the model as its first argument is the default, so that PowerShell tries a path there
/// first, which the transformation takes only where it names an .onnx file.
/// </summary>
public abstract class DetectorCmdlet : YoloCmdlet
{
    /// <summary>The model, or the path of an .onnx file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = YoloModelCmdlet.PositionSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = YoloModelCmdlet.PipelineSet)]
    [DetectorTransformation]
    [ValidateNotNull]
    public IYoloDetector Model { get; set; } = null!;

    /// <summary>Long side of the images as the network sees them, in pixels.</summary>
    [Parameter]
    [ValidateRange(32, 8192)]
    public int ImageSize { get; set; } = new PredictionOptions().ImageSize;

    /// <summary>The number format to compute in.</summary>
    [Parameter]
    public ComputePrecision Precision { get; set; } = new PredictionOptions().Precision;

    /// <summary>The image size to use: as given, otherwise what an .onnx file was made for.</summary>
    /// <exception cref="SelectionException">The file takes another size only.</exception>
    protected int SizeToUse()
    {
        if (Model is not OnnxModel file) return ImageSize;
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(ImageSize))) return file.ImageSize;
        if (file.FixedSize is not var (height, width) || ImageSize == Math.Max(height, width)) return ImageSize;
        throw new SelectionException(
            FormattableString.Invariant($"'{file.Path}' takes images of {height} x {width} pixels only, and -ImageSize is {ImageSize}."),
            remedy: "Leave -ImageSize out, or export the model with -Dynamic.");
    }
}
