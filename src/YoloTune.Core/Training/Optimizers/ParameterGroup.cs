namespace YoloTune.Training.Optimizers;

/// <summary>Parameters that share a learning rate, a momentum and a decay.</summary>
internal sealed class ParameterGroup
{
    internal ParameterGroup(
        ParameterGroupKind kind, IReadOnlyList<TrainableParameter> parameters, double learningRate, double momentum, double weightDecay)
    {
        Kind = kind;
        Parameters = parameters;
        InitialLearningRate = LearningRate = learningRate;
        Momentum = momentum;
        WeightDecay = weightDecay;
    }

    /// <summary>What the parameters are.</summary>
    public ParameterGroupKind Kind { get; }

    /// <summary>The parameters, in the order of the state dict; frozen ones among them.</summary>
    public IReadOnlyList<TrainableParameter> Parameters { get; }

    /// <summary>The learning rate the schedule starts from.</summary>
    public double InitialLearningRate { get; }

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; set; }

    /// <summary>Momentum, or the first beta of Adam's family.</summary>
    public double Momentum { get; set; }

    /// <summary>Weight decay.</summary>
    public double WeightDecay { get; set; }
}
