using System.Management.Automation;
using YoloTune.Models;

namespace YoloTune.Commands.Base;

/// <summary>
/// The base of cmdlets that work on a model and take one more thing by position. Two parameter sets make both ways of writing work:
/// <c>$model | Set-YoloClass cat, dog</c>, where the first position is that other thing, and <c>Set-YoloClass best.pt cat, dog</c>. A
/// cmdlet
/// gives its own parameter position 0 in <see cref="PipelineSet"/> and position 1 in <see cref="PositionSet"/>, and takes the latter as its
/// default, so that PowerShell tries a model's path at the first position first.
/// </summary>
public abstract class YoloModelCmdlet : YoloCmdlet
{
    /// <summary>The parameter set in which the model comes from the pipeline or by name.</summary>
    protected internal const string PipelineSet = "Pipeline";

    /// <summary>The parameter set in which the model is the first argument.</summary>
    protected internal const string PositionSet = "Position";

    /// <summary>The model to work on, or the path of a checkpoint.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PositionSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PipelineSet)]
    [ModelTransformation]
    [ValidateNotNull]
    public YoloModel Model { get; set; } = null!;
}
