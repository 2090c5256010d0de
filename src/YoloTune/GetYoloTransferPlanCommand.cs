using System.Management.Automation;
using YoloTune.Commands.Base;
using YoloTune.Models.Transfer;

namespace YoloTune.Commands;

/// <summary>Shows what Copy-YoloWeights would do, item by item; nothing is copied.</summary>
[Cmdlet(VerbsCommon.Get, "YoloTransferPlan", DefaultParameterSetName = PositionSet)]
[OutputType(typeof(TransferItem))]
public sealed class GetYoloTransferPlanCommand : TransferCmdlet
{
    /// <inheritdoc/>
    protected override void Process()
    {
        TransferPlan plan = CreatePlan();
        WriteVerbose(plan.ToString());
        WriteObject(plan.Items, enumerateCollection: true);
    }
}
