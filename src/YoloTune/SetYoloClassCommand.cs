using System.Collections;
using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Models;
using YoloTune.Models.Transfer;

namespace YoloTune.Commands;

/// <summary>Gives a model another class set; everything but the class rows stays as learned.</summary>
[Cmdlet(VerbsCommon.Set, "YoloClass", DefaultParameterSetName = PositionSet, SupportsShouldProcess = true)]
[OutputType(typeof(YoloModel))]
public sealed class SetYoloClassCommand : YoloModelCmdlet
{
    /// <summary>The classes in order. Rows of names the model has already are kept.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PipelineSet)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PositionSet)]
    [Alias("ClassName")]
    [ArgumentCompleter(typeof(ClassNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Keep rows of names that differ only in case too, and warn of near misses.</summary>
    [Parameter]
    public SwitchParameter MatchClass { get; set; }

    /// <summary>Which row goes where when names differ: new class = old class.</summary>
    [Parameter]
    public Hashtable? ClassMap { get; set; }

    /// <summary>The keypoints of a pose model and the values of each (2: x, y; 3: and visibility), as the dataset's kpt_shape.</summary>
    [Parameter]
    [ValidateCount(2, 2)]
    public int[]? KeypointShape { get; set; }

    /// <summary>Seed of the new rows.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ShouldProcess(Model.ToString(), $"Set the classes to {string.Join(", ", Name)}"))
        {
            var (report, warnings) = ClassSurgery.SetClasses(Model, Name, MatchClass, TransferCmdlet.ToClassMap(ClassMap), Seed,
                KeypointShapes.Read(KeypointShape));
            foreach (string warning in warnings) WriteWarning(warning);
            WriteReport($"Kept {report.Transferred}/{report.Total} items and the rows of {report.MatchedClasses} of "
                + $"{Counted.Of(Model.ClassCount, "class")}.");
        }
        WriteObject(Model);
    }
}
