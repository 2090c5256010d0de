using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Models;
using YoloTune.Models.Transfer;

namespace YoloTune.Commands;

/// <summary>Takes classes out of a model; the rows of the others stay.</summary>
[Cmdlet(VerbsCommon.Remove, "YoloClass", DefaultParameterSetName = PositionSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(YoloModel))]
public sealed class RemoveYoloClassCommand : YoloModelCmdlet
{
    /// <summary>The classes to take out; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PipelineSet)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PositionSet)]
    [Alias("ClassName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClassNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ShouldProcess(Model.ToString(), $"Remove the classes {string.Join(", ", Name)}"))
        {
            ClassSurgery.RemoveClasses(Model, NamePattern.Parse(Name));
        }
        WriteObject(Model);
    }
}
