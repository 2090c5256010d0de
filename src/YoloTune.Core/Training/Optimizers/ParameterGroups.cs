namespace YoloTune.Training.Optimizers;

/// <summary>Sorts a model's parameters into groups.</summary>
internal static class ParameterGroups
{
    /// <summary>What MuSGD multiplies the class branch's learning rate by.</summary>
    public const double ClassBranchFactor = 3;

    /// <summary>
    /// Makes the groups: weight, normalisation, bias; for MuSGD each of weight, normalisation, bias, muon twice, first the class branch
    /// with three times the learning rate, then the rest. Empty groups stay, so that the columns of the learning rates keep their meaning.
    /// </summary>
    /// <param name="parameters">All parameters in state-dict order, frozen ones too: a later stage may free them.</param>
    /// <param name="kind">The optimiser the groups are for.</param>
    /// <param name="learningRate">The learning rate to start from.</param>
    /// <param name="momentum">Momentum, or the first beta.</param>
    /// <param name="weightDecay">Decay of the groups that have one.</param>
    /// <exception cref="ArgumentException">A parameter stands twice in <paramref name="parameters"/>.</exception>
    public static IReadOnlyList<ParameterGroup> Create(
        IEnumerable<TrainableParameter> parameters, OptimizerKind kind, double learningRate, double momentum, double weightDecay)
    {
        TrainableParameter[] all = [.. parameters];
        AssertDisjoint(all);
        bool muon = kind == OptimizerKind.MuSGD;
        ILookup<(ParameterGroupKind, bool), TrainableParameter> sorted =
            all.ToLookup(parameter => (KindOf(parameter, muon), muon && ReferenceQuirks.IsClassBranch(parameter.Name)));
        ParameterGroupKind[] kinds = muon
            ? [ParameterGroupKind.Weight, ParameterGroupKind.Normalization, ParameterGroupKind.Bias, ParameterGroupKind.Muon]
            : [ParameterGroupKind.Weight, ParameterGroupKind.Normalization, ParameterGroupKind.Bias];
        bool[] branches = muon ? [true, false] : [false];
        ParameterGroup[] groups =
        [
            .. from groupKind in kinds
               from classBranch in branches
               select new ParameterGroup(
                   groupKind,
                   [.. sorted[(groupKind, classBranch)]],
                   classBranch ? learningRate * ClassBranchFactor : learningRate,
                   momentum,
                   groupKind is ParameterGroupKind.Weight or ParameterGroupKind.Muon ? weightDecay : 0),
        ];
        if (groups.Sum(group => group.Parameters.Count) != all.Length)
            throw new InvalidOperationException("The groups do not hold every parameter exactly once.");
        return groups;
    }

    /// <summary>Tells the group of a parameter from its name and shape, as the reference does.</summary>
    private static ParameterGroupKind KindOf(TrainableParameter parameter, bool muon)
    {
        if (muon && parameter.Value.dim() >= 2) return ParameterGroupKind.Muon;
        if (parameter.Name.Contains("bias", StringComparison.Ordinal)) return ParameterGroupKind.Bias;
        // Only normalisation layers have a one-dimensional "weight"; layer scales are called gamma and take decay.
        bool scale = parameter.Value.dim() <= 1 && parameter.Name.EndsWith(".weight", StringComparison.Ordinal);
        return scale || parameter.Name.Contains("logit_scale", StringComparison.Ordinal)
            ? ParameterGroupKind.Normalization
            : ParameterGroupKind.Weight;
    }

    private static void AssertDisjoint(TrainableParameter[] parameters)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        HashSet<nint> tensors = [];
        foreach (TrainableParameter parameter in parameters)
        {
            if (!names.Add(parameter.Name) || !tensors.Add(parameter.Value.Handle))
                throw new ArgumentException($"The parameter {parameter.Name} stands twice among the parameters.", nameof(parameters));
        }
    }
}
