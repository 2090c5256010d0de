namespace YoloTune.Training;

/// <summary>The weights of the parts of a loss.</summary>
public sealed record LossGains
{
    /// <summary>Weight of the box overlap (<c>box</c>).</summary>
    [TrainingOption("box", Minimum = 0)]
    public double Box { get; init; } = 7.5;

    /// <summary>Weight of the classification (<c>cls</c>).</summary>
    [TrainingOption("cls", Minimum = 0)]
    public double Class { get; init; } = 0.5;

    /// <summary>Weight of the distribution focal loss or, without it, of the distances (<c>dfl</c>).</summary>
    [TrainingOption("dfl", Minimum = 0)]
    public double Distribution { get; init; } = 1.5;
}
