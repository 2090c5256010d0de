using TorchSharp;
using YoloTune.Models;
using YoloTune.Networks.Architecture;

namespace YoloTune.Commands;

/// <summary>One state-dict item of a model, as it was when it was asked for.</summary>
public sealed record ParameterInfo
{
    internal ParameterInfo(ModelItem item)
    {
        Name = item.Name;
        Shape = item.Tensor.shape;
        DataType = item.Tensor.dtype.ToString();
        Count = item.Tensor.numel();
        (Layer, LayerType, Part) = (item.Layer, item.LayerType, item.Part);
        (IsBuffer, Frozen, Origin) = (item.IsBuffer, item.Frozen, item.Origin);
        LearningRateMultiplier = item.LearningRateMultiplier;
        Values = item;
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable untracked = torch.no_grad();
        torch.Tensor values = item.Tensor.to(torch.float64);
        Mean = values.mean().ToDouble();
        Std = Count > 1 ? values.std(unbiased: false).ToDouble() : 0;
    }

    /// <summary>The state-dict name.</summary>
    public string Name { get; }

    /// <summary>The sizes of its dimensions; empty for a single number.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The type of its values, such as Float32.</summary>
    public string DataType { get; }

    /// <summary>Number of values.</summary>
    public long Count { get; }

    /// <summary>Index of its layer.</summary>
    public int Layer { get; }

    /// <summary>Type of its layer.</summary>
    public string LayerType { get; }

    /// <summary>Part of the model its layer belongs to.</summary>
    public LayerPart Part { get; }

    /// <summary>True for statistics and counters, which no gradient reaches.</summary>
    public bool IsBuffer { get; }

    /// <summary>True when training leaves the values as they are.</summary>
    public bool Frozen { get; }

    /// <summary>Where the values came from.</summary>
    public Origin Origin { get; }

    /// <summary>Factor on the learning rate.</summary>
    public double LearningRateMultiplier { get; }

    /// <summary>Mean of the values.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation of the values (divided by their number).</summary>
    public double Std { get; }

    /// <summary>The live item, with its tensor.</summary>
    public ModelItem Values { get; }
}
