using TorchSharp;
using YoloTune.Networks.Heads;

namespace YoloTune.Models.Transfer;

/// <summary>What a transfer copies from: named tensors and what is known about the model they belong to.</summary>
public sealed class TransferSource
{
    /// <summary>Describes a source.</summary>
    /// <param name="name">How reports call it: a file name or a model's name.</param>
    /// <param name="state">Its state dict.</param>
    /// <param name="layerTypes">Type of each layer by index, as far as known.</param>
    /// <param name="classNames">Its classes in the order of the class rows, or null when unknown.</param>
    /// <param name="isAnchorBased">True for YOLOv5's own checkpoints, whose head predicts anchor offsets.</param>
    public TransferSource(
        string name,
        IReadOnlyDictionary<string, torch.Tensor> state,
        IReadOnlyDictionary<int, string>? layerTypes = null,
        IReadOnlyList<string>? classNames = null,
        bool isAnchorBased = false)
    {
        Name = name;
        State = state;
        LayerTypes = layerTypes ?? new Dictionary<int, string>();
        ClassNames = classNames;
        IsAnchorBased = isAnchorBased;
    }

    /// <summary>How reports call the source.</summary>
    public string Name { get; }

    /// <summary>State-dict name to tensor.</summary>
    public IReadOnlyDictionary<string, torch.Tensor> State { get; }

    /// <summary>Layer index to layer type, as far as known.</summary>
    public IReadOnlyDictionary<int, string> LayerTypes { get; }

    /// <summary>Class names in the order of the class rows, or null.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>
    /// True when the head predicts anchor offsets (YOLOv5's own checkpoints), so that nothing of it fits an anchor-free head.
    /// </summary>
    public bool IsAnchorBased { get; }

    /// <summary>What its head predicts for an object, where that can differ and is known.</summary>
    public HeadShape? HeadShape { get; init; }

    /// <summary>What the user should know of how the source's file was read.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>A model as a source.</summary>
    public static TransferSource FromModel(YoloModel model) => new(
        model.Source is { } path ? Path.GetFileName(path) : model.Name,
        model.Network.StateItems.ToDictionary(item => item.Name, item => item.Tensor),
        model.Network.Plan.Layers.ToDictionary(layer => layer.Index, layer => layer.Type),
        model.ClassNames)
    {
        HeadShape = (model.Network.Layers[^1].Module as IHead)?.Shape,
    };
}
