using TorchSharp;
using YoloTune.Networks.Architecture;

namespace YoloTune.Networks;

/// <summary>One layer of a network.</summary>
/// <param name="Plan">What the layer was built from.</param>
/// <param name="Module">The module; it belongs to the network.</param>
/// <param name="Stride">Image pixels a pixel of the output covers along an edge; null for the head.</param>
public sealed record NetworkLayer(LayerPlan Plan, torch.nn.Module Module, int? Stride)
{
    /// <summary>The layer's number.</summary>
    public int Index => Plan.Index;

    /// <summary>The inputs as the description gives them.</summary>
    public IReadOnlyList<int> From => Plan.From;

    /// <summary>Repeats after scaling.</summary>
    public int Repeats => Plan.Repeats;

    /// <summary>The module's class name.</summary>
    public string Type => Plan.Type;

    /// <summary>Backbone, neck or head.</summary>
    public LayerPart Part => Plan.Part;

    /// <summary>Number of parameters.</summary>
    public long Parameters => Module.parameters().Sum(parameter => parameter.numel());
}
