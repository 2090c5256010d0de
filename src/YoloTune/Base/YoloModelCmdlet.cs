using System.Management.Automation;

namespace YoloTune.Commands.Base;

/// <summary>The base of cmdlets that work on a model from the pipeline.</summary>
public abstract class YoloModelCmdlet : YoloCmdlet
{
    /// <summary>The model to work on.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public YoloModel Model { get; set; } = null!;
}
