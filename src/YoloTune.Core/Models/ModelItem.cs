using TorchSharp;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;

namespace YoloTune.Models;

/// <summary>One state-dict item of a model, parameter or buffer, with what fine-tuning knows about it.</summary>
public sealed class ModelItem
{
    internal ModelItem(StateItem item, string layerType, LayerPart part)
    {
        Name = item.Name;
        Tensor = item.Tensor;
        IsBuffer = item.IsBuffer;
        Layer = item.Layer;
        LayerType = layerType;
        Part = part;
    }

    /// <summary>The state-dict name, such as <c>model.0.conv.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The live values; changing them changes the model.</summary>
    public torch.Tensor Tensor { get; }

    /// <summary>True for BatchNorm statistics and counters and other values no gradient reaches.</summary>
    public bool IsBuffer { get; }

    /// <summary>Index of the layer it belongs to.</summary>
    public int Layer { get; }

    /// <summary>Type of that layer, such as C3k2.</summary>
    public string LayerType { get; }

    /// <summary>Part of the model that layer belongs to.</summary>
    public LayerPart Part { get; }

    /// <summary>Where the values came from.</summary>
    public Origin Origin { get; internal set; }

    /// <summary>Factor on the learning rate of its parameter group. 1 unless it was set.</summary>
    public double LearningRateMultiplier { get; internal set; } = 1;

    /// <summary>True when training leaves the values as they are. A buffer is frozen when its BatchNorm keeps its statistics.</summary>
    public bool Frozen { get; internal set; }

    /// <summary>The fixed bins of the distribution focal loss (0, 1, ... R-1) are constants, not weights: they never train.</summary>
    internal bool IsConstant => !IsBuffer && Name.EndsWith(".dfl.conv.weight", StringComparison.Ordinal);
}
