using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Models;
using YoloTune.Networks.Architecture;

namespace YoloTune.Commands;

/// <summary>Lists the state-dict items of a model.</summary>
[Cmdlet(VerbsCommon.Get, "YoloParameter", DefaultParameterSetName = PositionSet)]
[OutputType(typeof(ParameterInfo))]
public sealed class GetYoloParameterCommand : YoloModelCmdlet
{
    /// <summary>Only items of these names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = PipelineSet)]
    [Parameter(Position = 1, ParameterSetName = PositionSet)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ItemNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Only items of these layers.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public int[]? Layer { get; set; }

    /// <summary>Only items of these parts.</summary>
    [Parameter]
    public LayerPart[]? Part { get; set; }

    /// <summary>Only items of these origins.</summary>
    [Parameter]
    public Origin[]? Origin { get; set; }

    /// <summary>Only frozen items.</summary>
    [Parameter]
    public SwitchParameter Frozen { get; set; }

    /// <summary>Only parameters that training changes.</summary>
    [Parameter]
    public SwitchParameter Trainable { get; set; }

    /// <summary>Only buffers: statistics and counters.</summary>
    [Parameter]
    public SwitchParameter Buffer { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        HashSet<string>? names = Name is null
            ? null
            : NamePattern.Select(NamePattern.Parse(Name), [.. Model.Items.Select(item => item.Name)], "item");
        foreach (ModelItem item in Model.Items)
        {
            bool wanted = (names is null || names.Contains(item.Name))
                && (Layer is null || Layer.Contains(item.Layer))
                && (Part is null || Part.Contains(item.Part))
                && (Origin is null || Origin.Contains(item.Origin))
                && (!Frozen || item.Frozen)
                && (!Trainable || (!item.Frozen && !item.IsBuffer))
                && (!Buffer || item.IsBuffer);
            if (wanted) WriteObject(new ParameterInfo(item));
        }
    }
}
