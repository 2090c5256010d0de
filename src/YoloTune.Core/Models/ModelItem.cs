using TorchSharp;
using YoloTune.Networks;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;

namespace YoloTune.Models;

/// <summary>One state-dict item of a model, parameter or buffer, with what fine-tuning knows about it.</summary>
public sealed class ModelItem
{
    private readonly BatchNorm2d? norm;
    private bool frozen;

    internal ModelItem(StateItem item, string layerType, LayerPart part)
    {
        Name = item.Name;
        Tensor = item.Tensor;
        IsBuffer = item.IsBuffer;
        Layer = item.Layer;
        LayerType = layerType;
        Part = part;
        (HasClassRows, IsClassBranch, IsConstant) = (item.HasClassRows, item.IsClassBranch, item.IsConstant);
        Shape = item.Shape;
        // The mean stands for all statistics of its layer: they are kept together.
        if (item.Module is BatchNorm2d layer && Name.EndsWith(".running_mean", StringComparison.Ordinal)) norm = layer;
        frozen = IsConstant;
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

    /// <summary>Whether the first dimension is one row per class; the head says so.</summary>
    public bool HasClassRows { get; }

    /// <summary>Whether it belongs to the class branch of the head, whose hidden width may follow the class count.</summary>
    public bool IsClassBranch { get; }

    /// <summary>
    /// True when training leaves the values as they are. A buffer is frozen when its BatchNorm keeps its statistics. Setting it sets the
    /// tensor, or the BatchNorm, too.
    /// </summary>
    public bool Frozen
    {
        get => frozen;
        internal set
        {
            frozen = value;
            if (!IsBuffer) Tensor.requires_grad = !value;
            else if (norm is not null) norm.KeepStatistics = value;
        }
    }

    /// <summary>Constants of the head are no weights: they never train.</summary>
    internal bool IsConstant { get; }

    /// <summary>What the head predicts for an object where the width follows that; null elsewhere.</summary>
    internal HeadShape? Shape { get; }
}
