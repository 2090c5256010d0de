using TorchSharp;

namespace YoloTune.Training.Optimizers;

/// <summary>What an optimiser remembers about one parameter between steps.</summary>
internal sealed class ParameterState : IDisposable
{
    /// <summary>The steps this parameter took part in.</summary>
    public long Steps { get; set; }

    /// <summary>Tensors of the parameter's shape, by name: "momentum", "mean", "square".</summary>
    public Dictionary<string, torch.Tensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>Numbers, by name.</summary>
    public Dictionary<string, double> Numbers { get; } = new(StringComparer.Ordinal);

    /// <summary>The tensor of a name, zeros in the parameter's shape and memory layout when it is asked for first.</summary>
    public torch.Tensor Tensor(string name, torch.Tensor like)
    {
        if (!Tensors.TryGetValue(name, out torch.Tensor? tensor))
        {
            tensor = torch.zeros_like(like, dtype: torch.float32).DetachFromDisposeScope();
            Tensors.Add(name, tensor);
        }
        return tensor;
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (torch.Tensor tensor in Tensors.Values) tensor.Dispose();
    }
}
