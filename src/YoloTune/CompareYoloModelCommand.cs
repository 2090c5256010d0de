using System.Management.Automation;
using YoloTune.Commands.Base;
using YoloTune.Models;
using YoloTune.Models.Transfer;

namespace YoloTune.Commands;

/// <summary>Compares two models item by item.</summary>
[Cmdlet(VerbsData.Compare, "YoloModel")]
[OutputType(typeof(ItemComparison))]
public sealed class CompareYoloModelCommand : YoloCmdlet
{
    /// <summary>The model to compare with, or the path of a checkpoint.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ModelTransformation]
    [ValidateNotNull]
    public YoloModel Reference { get; set; } = null!;

    /// <summary>The model to compare, or the path of a checkpoint.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [Alias("Model")]
    [ModelTransformation]
    [ValidateNotNull]
    public YoloModel Difference { get; set; } = null!;

    /// <inheritdoc/>
    protected override void Process() => WriteObject(ModelComparison.Compare(Reference, Difference), enumerateCollection: true);
}
