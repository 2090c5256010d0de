using System.Management.Automation;
using YoloTune.Commands.Base;
using YoloTune.Models;
using YoloTune.Models.Transfer;

namespace YoloTune.Commands;

/// <summary>Adds classes to a model; every learned row stays.</summary>
[Cmdlet(VerbsCommon.Add, "YoloClass", DefaultParameterSetName = PositionSet, SupportsShouldProcess = true)]
[OutputType(typeof(YoloModel))]
public sealed class AddYoloClassCommand : YoloModelCmdlet
{
    /// <summary>The new classes, appended in this order.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PipelineSet)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PositionSet)]
    [Alias("ClassName")]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Seed of the new rows.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ShouldProcess(Model.ToString(), $"Add the classes {string.Join(", ", Name)}")) ClassSurgery.AddClasses(Model, Name, Seed);
        WriteObject(Model);
    }
}
