using System.Management.Automation;

namespace YoloTune.Commands.Base;

/// <summary>
/// The base of cmdlets whose main parameter comes first when the model comes through the pipeline, and second when the model is given:
/// <c>$model | Set-YoloClass bolt, nut</c> and <c>Set-YoloClass $model bolt, nut</c>. A derived cmdlet gives its main parameter
/// position 0 in <see cref="FromPipeline"/>, its default set, and position 1 in <see cref="FromArgument"/>.
/// </summary>
public abstract class PositionalModelCmdlet : YoloCmdlet
{
    /// <summary>The parameter set of a model from the pipeline.</summary>
    public const string FromPipeline = "Pipeline";

    /// <summary>The parameter set of a model given as an argument.</summary>
    public const string FromArgument = "Model";

    /// <summary>The model to work on.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromPipeline, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, ParameterSetName = FromArgument, Position = 0)]
    [ValidateNotNull]
    public YoloModel Model { get; set; } = null!;
}
