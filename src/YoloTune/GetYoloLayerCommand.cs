using System.Management.Automation;
using YoloTune.Basics;
using YoloTune.Commands.Base;
using YoloTune.Commands.Completion;
using YoloTune.Models;
using YoloTune.Networks.Architecture;

namespace YoloTune.Commands;

/// <summary>Lists the layers of a model.</summary>
[Cmdlet(VerbsCommon.Get, "YoloLayer", DefaultParameterSetName = PositionSet)]
[OutputType(typeof(ModelLayer))]
public sealed class GetYoloLayerCommand : YoloModelCmdlet
{
    /// <summary>Only these layers.</summary>
    [Parameter(Position = 0, ParameterSetName = PipelineSet)]
    [Parameter(Position = 1, ParameterSetName = PositionSet)]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public int[]? Index { get; set; }

    /// <summary>Only layers of these parts.</summary>
    [Parameter]
    public LayerPart[]? Part { get; set; }

    /// <summary>Only layers of these types, such as C3k2; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LayerTypeCompleter))]
    public string[]? Type { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (int index in Index ?? [])
        {
            if (index < 0 || index >= Model.Layers.Count)
            {
                WriteError(new SelectionException($"the model {Model.Name} has no layer {index}.",
                    remedy: $"Layers are numbered 0 to {Model.Layers.Count - 1}."), index);
            }
        }
        IReadOnlyList<NamePattern> types = NamePattern.Parse(Type);
        if (types.Count > 0) _ = NamePattern.Select(types, [.. Model.Layers.Select(layer => layer.Type)], "layer type");
        WriteObject(Model.Layers.Where(layer =>
            (Index is null || Index.Contains(layer.Index))
            && (Part is null || Part.Contains(layer.Part))
            && (types.Count == 0 || types.Any(type => type.Matches(layer.Type)))), enumerateCollection: true);
    }
}
