using TorchSharp;
using YoloTune.Basics;
using YoloTune.Training.Optimizers;

namespace YoloTune.Training;

/// <summary>
/// The exponential moving average of a model's state in float32: parameters and the running statistics of normalisation layers. It is what
/// is validated and saved. Integer entries (batch counters) are kept as they were at the start.
/// </summary>
internal sealed class ModelAverage : IDisposable
{
    /// <summary>The decay after many updates.</summary>
    public const double Decay = 0.9999;

    /// <summary>Updates in which the decay rises to two thirds of <see cref="Decay"/>.</summary>
    public const double RampUpdates = 2000;

    private readonly List<(string Name, torch.Tensor Model, torch.Tensor Average)> entries = [];
    private readonly List<torch.Tensor> joinedModels = [], joinedAverages = [];
    private readonly HashSet<string> joinedNames = new(StringComparer.Ordinal);
    private torch.Tensor? joined;

    /// <summary>Starts the average at the state given.</summary>
    /// <param name="state">Names and live tensors of the model, in state-dict order.</param>
    public ModelAverage(IEnumerable<(string Name, torch.Tensor Tensor)> state) : this(state, joinsEverywhere: false)
    {
    }

    /// <summary>The same; on a processor, too, as one tensor, as it is on a graphics card. To compare only.</summary>
    internal ModelAverage(IEnumerable<(string Name, torch.Tensor Tensor)> state, bool joinsEverywhere)
    {
        using var gradients = torch.no_grad();
        foreach ((string name, torch.Tensor tensor) in state)
        {
            torch.Tensor average = tensor.detach().clone();
            if (tensor.is_floating_point() && tensor.dtype != torch.float32)
            {
                using torch.Tensor narrow = average;
                average = narrow.to(torch.float32);
            }
            entries.Add((name, tensor, average.DetachFromDisposeScope()));
        }
        Join(joinsEverywhere);
    }

    /// <summary>How often the average was updated.</summary>
    public long Updates { get; private set; }

    /// <summary>Names and averaged tensors, in the order given. The tensors belong to the average.</summary>
    public IEnumerable<(string Name, torch.Tensor Tensor)> State => entries.Select(entry => (entry.Name, entry.Average));

    /// <summary>The decay of update number <paramref name="update"/>, counted from 1.</summary>
    public static double DecayAt(long update) => Decay * (1 - Math.Exp(-update / RampUpdates));

    /// <summary>Moves the average towards the model's present state.</summary>
    public void Update()
    {
        Updates++;
        using var gradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        double weight = 1 - DecayAt(Updates);
        Dictionary<(DeviceType, int), torch.Tensor> weights = [];
        foreach ((string name, torch.Tensor model, torch.Tensor average) in entries)
        {
            if (!average.is_floating_point() || joinedNames.Contains(name)) continue;
            (DeviceType, int) device = (average.device_type, average.device_index);
            if (!weights.TryGetValue(device, out torch.Tensor? share))
                weights.Add(device, share = torch.tensor((float)weight, device: average.device));
            average.lerp_(model.dtype == torch.float32 ? model : model.to(torch.float32), share);
        }
        joined?.lerp_(FlatTensors.Join(joinedModels, joinedAverages), torch.tensor((float)weight, device: joined.device));
    }

    /// <summary>Takes up the average of an earlier run.</summary>
    /// <param name="state">Tensors by name; every floating-point entry must be there.</param>
    /// <param name="updates">How often it had been updated.</param>
    /// <exception cref="TrainingException">An entry is missing or has another shape.</exception>
    public void Restore(IReadOnlyDictionary<string, torch.Tensor> state, long updates)
    {
        using var gradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        foreach ((string name, _, torch.Tensor average) in entries)
        {
            bool found = state.TryGetValue(name, out torch.Tensor? saved);
            if (!found && !average.is_floating_point()) continue;
            if (!found || !saved!.shape.SequenceEqual(average.shape))
            {
                throw new TrainingException(
                    found ? "the saved average has another shape than the model." : "the saved average lacks this entry.",
                    position: $"tensor {name}", remedy: "Resume with the model the run was started with.");
            }
            average.copy_(saved!);
        }
        Updates = updates;
    }

    /// <summary>Frees the average.</summary>
    public void Dispose()
    {
        foreach ((_, _, torch.Tensor average) in entries) average.Dispose();
        entries.Clear();
        joined?.Dispose();
    }

    private void Join(bool everywhere)
    {
        int[] members = [.. Enumerable.Range(0, entries.Count)
            .Where(i => (everywhere || FlatTensors.Pays(entries[i].Model)) && FlatTensors.IsDense(entries[i].Model))];
        if (members.Length == 0) return;
        using DisposeScope scope = torch.NewDisposeScope();
        joinedModels.AddRange(members.Select(i => entries[i].Model));
        torch.Tensor[] old = [.. members.Select(i => entries[i].Average)];
        joined = FlatTensors.Join(old, old).DetachFromDisposeScope();
        long offset = 0;
        foreach (int i in members)
        {
            (string name, torch.Tensor model, torch.Tensor average) = entries[i];
            torch.Tensor part = FlatTensors.Part(joined, offset, average).DetachFromDisposeScope();
            offset += average.numel();
            entries[i] = (name, model, part);
            joinedAverages.Add(part);
            joinedNames.Add(name);
            average.Dispose();
        }
    }
}
