using TorchSharp;

namespace YoloTune.Training.Optimizers;

/// <summary>
/// Parameters that take the same step, as one: what the optimiser remembers of them lies in one tensor a name, of which each parameter's
/// own state holds a part.
/// </summary>
internal sealed class JoinedParameters : IDisposable
{
    private readonly ParameterState[] members;
    private readonly ParameterState joined = new();

    /// <summary>Joins the states that the parameters have.</summary>
    public JoinedParameters(IReadOnlyList<Item> items)
    {
        members = [.. items.Select(item => item.State)];
        torch.Tensor[] likes = [.. items.Select(item => item.Value)];
        foreach (string name in members.SelectMany(member => member.Tensors.Keys).Distinct().ToArray())
        {
            torch.Tensor[] parts = [.. items.Select(item => item.State.Tensor(name, item.Value))];
            joined.Tensors.Add(name, FlatTensors.Join(parts, likes).DetachFromDisposeScope());
            Share(name, items);
        }
        foreach ((string name, double number) in members[0].Numbers) joined.Numbers[name] = number;
    }

    /// <summary>Whether these are the same parameters in the same order, with the states that were joined.</summary>
    public bool IsOf(IReadOnlyList<Item> items)
    {
        if (items.Count != members.Length) return false;
        for (int i = 0; i < members.Length; i++)
        {
            if (!ReferenceEquals(members[i], items[i].State)) return false;
        }
        return true;
    }

    /// <summary>Moves all parameters by an update that treats every value alike.</summary>
    /// <param name="items">The parameters.</param>
    /// <param name="update">The update of values, gradients and state.</param>
    public void Step(IReadOnlyList<Item> items, Action<torch.Tensor, torch.Tensor, ParameterState> update)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor[] values = [.. items.Select(item => item.Value)];
        torch.Tensor all = FlatTensors.Join(values, values), gradient = FlatTensors.Join([.. items.Select(item => item.Gradient)], values);
        joined.Steps = members[0].Steps;
        update(all, gradient, joined);
        FlatTensors.Split(all, values);
        foreach (string name in joined.Tensors.Keys.Where(name => !members[0].Tensors.ContainsKey(name)).ToArray()) Share(name, items);
        foreach ((string name, double number) in joined.Numbers)
        {
            foreach (ParameterState member in members) member.Numbers[name] = number;
        }
    }

    /// <summary>Frees the joined tensors; the parts that the parameters hold stay.</summary>
    public void Dispose() => joined.Dispose();

    private void Share(string name, IReadOnlyList<Item> items)
    {
        long offset = 0;
        foreach (Item item in items)
        {
            if (item.State.Tensors.TryGetValue(name, out torch.Tensor? own)) own.Dispose();
            item.State.Tensors[name] = FlatTensors.Part(joined.Tensors[name], offset, item.Value).DetachFromDisposeScope();
            offset += item.Value.numel();
        }
    }

    /// <summary>A parameter and what belongs to it.</summary>
    public readonly record struct Item(torch.Tensor Value, torch.Tensor Gradient, ParameterState State);
}
