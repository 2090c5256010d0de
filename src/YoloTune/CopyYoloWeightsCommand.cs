using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Models;
using YoloTune.Models.Transfer;

namespace YoloTune.Commands;

/// <summary>Copies weights into a model, item by item.</summary>
[Cmdlet(VerbsCommon.Copy, "YoloWeights", DefaultParameterSetName = PositionSet, SupportsShouldProcess = true)]
[OutputType(typeof(YoloModel), typeof(TransferReport))]
public sealed class CopyYoloWeightsCommand : TransferCmdlet
{
    /// <summary>Return the report in place of the model.</summary>
    [Parameter]
    public SwitchParameter PassThruReport { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        TransferPlan plan = CreatePlan();
        if (!ShouldProcess(Model.ToString(), plan.ToString()))
        {
            WriteObject(PassThruReport ? plan.Preview() : Model);
            return;
        }
        TransferReport report = plan.Execute(Model);
        WriteReport(report.ToString());
        if (report.MatchedClasses > 0)
            WriteReport($"Copied the learned rows of {report.MatchedClasses} of {Counted.Of(Model.ClassCount, "class")}.");
        if (report.LostClassBranchItems > 0)
        {
            WriteReport($"{Counted.Of(report.LostClassBranchItems, "item")} of the hidden class branch "
                + $"{(report.LostClassBranchItems == 1 ? "is" : "are")} lost only to their width. "
                + "New-YoloModel -KeepClassBranch, or Set-YoloClass on the imported model, "
                + "keeps them and fine-tunes to a better detector.");
        }
        WriteObject(PassThruReport ? report : Model);
    }
}
