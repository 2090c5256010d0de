using TorchSharp;
using YoloTune.Basics;
using YoloTune.Kernels;

namespace YoloTune.Training.Optimizers;

/// <summary>
/// An optimiser over <see cref="ParameterGroup"/>s. A parameter without gradient is left alone, its state included, as PyTorch does.
/// A step uses up the gradients: decay is added in place.
/// </summary>
/// <remarks>
/// TorchSharp's own optimisers are not used: they know no multiplier for a single parameter, and their state is kept by position, which
/// a run that frees or adds parameters cannot resume from. Gathering gradients into a flat buffer and writing the steps back cost more
/// than updates in place on a processor, one parameter after the other; <see cref="AdamKernel"/> does without most calls. On a graphics
/// card parameters that take the same step are moved together (<see cref="JoinedParameters"/>).
/// </remarks>
internal abstract class ParameterOptimizer : IDisposable
{
    private const char Separator = '/';
    private const string StepsName = "steps";
    private readonly Dictionary<string, ParameterState> states = new(StringComparer.Ordinal);
    private readonly Dictionary<ParameterState, JoinedParameters> joined = [];

    private protected ParameterOptimizer(OptimizerKind kind, IReadOnlyList<ParameterGroup> groups)
    {
        Kind = kind;
        Groups = groups;
    }

    /// <summary>Which optimiser this is.</summary>
    public OptimizerKind Kind { get; }

    /// <summary>The groups, whose learning rates the schedule sets.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Whether warm-up raises the momentum: it does not for Adam's family, whose momentum is a beta.</summary>
    public bool WarmsMomentum => HasMomentum(Kind);

    /// <summary>Whether an optimiser has a momentum that warm-up raises.</summary>
    public static bool HasMomentum(OptimizerKind kind) => kind is OptimizerKind.SGD or OptimizerKind.MuSGD or OptimizerKind.RMSProp;

    /// <summary>Makes the optimiser of a kind.</summary>
    /// <exception cref="ArgumentException"><paramref name="kind"/> is <see cref="OptimizerKind.Auto"/>; resolve it before.</exception>
    public static ParameterOptimizer Create(OptimizerKind kind, IReadOnlyList<ParameterGroup> groups) => kind switch
    {
        OptimizerKind.SGD => new SgdOptimizer(groups),
        OptimizerKind.Adam => new AdamOptimizer(groups, decoupled: false),
        OptimizerKind.AdamW => new AdamOptimizer(groups, decoupled: true),
        OptimizerKind.RMSProp => new RmsPropOptimizer(groups),
        OptimizerKind.NAdam => new NAdamOptimizer(groups),
        OptimizerKind.MuSGD => new MuSgdOptimizer(groups),
        _ => throw new ArgumentException($"{kind} is not an optimiser by itself.", nameof(kind)),
    };

    /// <summary>Whether parameters are moved together on a processor too; to compare only.</summary>
    internal bool JoinsEverywhere { get; init; }

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void Step()
    {
        using var gradients = torch.no_grad();
        foreach (ParameterGroup group in Groups) Step(group);
        Finish();
    }

    private void Step(ParameterGroup group)
    {
        using DisposeScope all = torch.NewDisposeScope();
        Dictionary<(double Rate, long Steps, double Numbers), List<JoinedParameters.Item>> together = [];
        foreach (TrainableParameter parameter in group.Parameters)
        {
            if (!parameter.Value.requires_grad) continue;
            using DisposeScope scope = torch.NewDisposeScope();
            if (parameter.Value.grad is not torch.Tensor gradient) continue;
            if (!states.TryGetValue(parameter.Name, out ParameterState? state))
            {
                state = new();
                states.Add(parameter.Name, state);
            }
            state.Steps++;
            double rate = group.LearningRate * parameter.Multiplier;
            if ((JoinsEverywhere || FlatTensors.Pays(parameter.Value)) && IsElementwise(group) && FlatTensors.IsDense(parameter.Value))
            {
                var step = (rate, state.Steps, state.Numbers.Values.Sum());
                if (!together.TryGetValue(step, out List<JoinedParameters.Item>? items)) together.Add(step, items = []);
                items.Add(new(parameter.Value, gradient.MoveToOuterDisposeScope(), state));
                continue;
            }
            Update(group, parameter.Value, gradient, state, rate);
        }
        foreach (((double rate, _, _), List<JoinedParameters.Item> items) in together)
            Join(items).Step(items, (value, gradient, state) => Update(group, value, gradient, state, rate));
    }

    private JoinedParameters Join(List<JoinedParameters.Item> items)
    {
        ParameterState first = items[0].State;
        if (joined.TryGetValue(first, out JoinedParameters? known))
        {
            if (known.IsOf(items)) return known;
            known.Dispose();
        }
        return joined[first] = new(items);
    }

    /// <summary>Drops all gradients.</summary>
    public void ZeroGradients()
    {
        foreach (ParameterGroup group in Groups)
        {
            foreach (TrainableParameter parameter in group.Parameters) parameter.Value.grad = null;
        }
    }

    /// <summary>
    /// What the optimiser remembers, by "parameter/name". The tensors are the optimiser's own: write them out, do not dispose them.
    /// </summary>
    public IReadOnlyDictionary<string, torch.Tensor> SaveState()
    {
        Dictionary<string, torch.Tensor> saved = new(StringComparer.Ordinal);
        foreach ((string name, ParameterState state) in states)
        {
            saved.Add(name + Separator + StepsName, torch.tensor(state.Steps));
            foreach ((string key, torch.Tensor tensor) in state.Tensors) saved.Add(name + Separator + key, tensor);
            foreach ((string key, double number) in state.Numbers) saved.Add(name + Separator + key, torch.tensor(number));
        }
        return saved;
    }

    /// <summary>Takes up what <see cref="SaveState"/> gave. State of parameters that this optimiser does not have is passed over.</summary>
    /// <exception cref="TrainingException">A tensor has another shape than its parameter.</exception>
    public void LoadState(IReadOnlyDictionary<string, torch.Tensor> saved)
    {
        Dictionary<string, TrainableParameter> known =
            Groups.SelectMany(group => group.Parameters).ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
        Clear();
        using var gradients = torch.no_grad();
        foreach ((string path, torch.Tensor tensor) in saved)
        {
            int cut = path.LastIndexOf(Separator);
            if (cut < 0 || !known.TryGetValue(path[..cut], out TrainableParameter? parameter)) continue;
            if (!states.TryGetValue(parameter.Name, out ParameterState? state)) states.Add(parameter.Name, state = new());
            Restore(state, parameter, path[(cut + 1)..], tensor);
        }
    }

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether a group's update treats every value alike, whatever parameter it belongs to.</summary>
    private protected virtual bool IsElementwise(ParameterGroup group) => true;

    /// <summary>Moves one parameter. Runs without gradient inside a dispose scope of its own.</summary>
    private protected abstract void Update(
        ParameterGroup group, torch.Tensor value, torch.Tensor gradient, ParameterState state, double learningRate);

    /// <summary>Is called when all parameters of a step have been updated, or are known to have to be.</summary>
    private protected virtual void Finish()
    {
    }

    private void Clear()
    {
        foreach (JoinedParameters parameters in joined.Values) parameters.Dispose();
        foreach (ParameterState state in states.Values) state.Dispose();
        joined.Clear();
        states.Clear();
    }

    private static void Restore(ParameterState state, TrainableParameter parameter, string key, torch.Tensor tensor)
    {
        if (key == StepsName)
        {
            state.Steps = tensor.ToInt64();
        }
        else if (tensor.dtype == torch.ScalarType.Float64 && tensor.dim() == 0)
        {
            state.Numbers[key] = tensor.ToDouble();
        }
        else
        {
            if (!tensor.shape.SequenceEqual(parameter.Value.shape))
            {
                throw new TrainingException(
                    $"the saved optimiser state has the shape [{string.Join(", ", tensor.shape)}], the parameter "
                    + $"[{string.Join(", ", parameter.Value.shape)}].",
                    position: $"tensor {parameter.Name}", remedy: "Resume with the model the run was started with.");
            }
            state.Tensor(key, parameter.Value).copy_(tensor);
        }
    }
}
