using YoloTune.Networks;
using YoloTune.Networks.Architecture;


namespace YoloTune.Models;

/// <summary>One layer of a model as users see it: its place in the graph and the state of its items right now.</summary>
public sealed class ModelLayer
{
    private readonly NetworkLayer _layer;
    private readonly IReadOnlyList<ModelItem> _items;

    internal ModelLayer(NetworkLayer layer, IReadOnlyList<ModelItem> items)
    {
        _layer = layer;
        _items = items;
        Parameters = items.Where(item => !item.IsBuffer).Sum(item => item.Tensor.numel());
    }

    /// <summary>Index of the layer, from 0.</summary>
    public int Index => _layer.Index;

    /// <summary>Layers whose output it takes; -1 is the one before.</summary>
    public IReadOnlyList<int> From => _layer.From;

    /// <summary>How often its block repeats after depth scaling.</summary>
    public int Repeats => _layer.Repeats;

    /// <summary>The block's type, such as C3k2.</summary>
    public string Type => _layer.Type;

    /// <summary>Part of the model it belongs to.</summary>
    public LayerPart Part => _layer.Part;

    /// <summary>Number of parameters.</summary>
    public long Parameters { get; }

    /// <summary>Input pixels a cell of its output covers, or null where the output is no feature map.</summary>
    public int? Stride => _layer.Stride;

    /// <summary>Whether None, Some or All of its parameters are frozen; null for a layer without parameters.</summary>
    public FrozenState? Frozen
    {
        get
        {
            List<ModelItem> parameters = [.. _items.Where(item => !item.IsBuffer && !item.IsConstant)];
            int frozen = parameters.Count(item => item.Frozen);
            return parameters.Count == 0
                ? null
                : frozen == 0 ? FrozenState.None : frozen == parameters.Count ? FrozenState.All : FrozenState.Some;
        }
    }

    /// <summary>Where its values came from; Mixed when its items differ, null for a layer without items.</summary>
    public LayerOrigin? Origin
    {
        get
        {
            List<Origin> origins = [.. _items.Select(item => item.Origin).Distinct()];
            return origins.Count switch
            {
                0 => null,
                1 => (LayerOrigin)origins[0],
                _ => LayerOrigin.Mixed,
            };
        }
    }

    /// <summary>The factor on the learning rate that all its parameters share, or null when they differ or there are none.</summary>
    public double? LearningRateMultiplier
    {
        get
        {
            List<double> factors =
                [.. _items.Where(item => !item.IsBuffer && !item.IsConstant).Select(item => item.LearningRateMultiplier).Distinct()];
            return factors.Count == 1 ? factors[0] : null;
        }
    }
}

/// <summary>How much of a layer is frozen.</summary>
public enum FrozenState
{
    /// <summary>Every parameter trains.</summary>
    None,

    /// <summary>Some parameters train.</summary>
    Some,

    /// <summary>No parameter trains.</summary>
    All,
}

/// <summary>Where the values of a whole layer came from.</summary>
public enum LayerOrigin
{
    /// <inheritdoc cref="Origin.New"/>
    New = Origin.New,

    /// <inheritdoc cref="Origin.Transferred"/>
    Transferred = Origin.Transferred,

    /// <inheritdoc cref="Origin.Remapped"/>
    Remapped = Origin.Remapped,

    /// <summary>Its items have different origins.</summary>
    Mixed,
}
