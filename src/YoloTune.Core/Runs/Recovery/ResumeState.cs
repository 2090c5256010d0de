using YoloTune.Models.Tuning;
using YoloTune.Runs.Records;
using YoloTune.Training.Schedule;


namespace YoloTune.Runs.Recovery;

/// <summary>What a run needs besides tensors to go on as if it had never stopped.</summary>
internal sealed record ResumeState
{
    /// <summary>The options the run was started with, paths made absolute and the precision resolved.</summary>
    public required RunOptions Options { get; init; }

    /// <summary>The optimiser that was chosen for each stage: it stays when the run becomes longer.</summary>
    public required IReadOnlyList<OptimizerChoice> Choices { get; init; }

    /// <summary>The device the model was on.</summary>
    public required string Device { get; init; }

    /// <summary>The file or architecture that the model came from when the run began; null in a run of an earlier version.</summary>
    public string? Source { get; init; }

    /// <summary>The epochs done.</summary>
    public required IReadOnlyList<YoloEpoch> Epochs { get; init; }

    /// <summary>What was frozen, and the learning-rate factors, before the first stage.</summary>
    public required TuningState Tuning { get; init; }

    /// <summary>The momentum of each group.</summary>
    public required IReadOnlyList<double> Momentum { get; init; }

    /// <summary>How often the average was updated.</summary>
    public required long Updates { get; init; }

    /// <summary>The batch of the last step, counted from the start of the schedule; -1 before the first.</summary>
    public required long LastStep { get; init; }

    /// <summary>The factor that recoveries have put on the learning rate.</summary>
    public double LearningRateFactor { get; init; } = 1;

    /// <summary>The loss scale of a float16 run.</summary>
    public double? LossScale { get; init; }

    /// <summary>Good steps since the loss scale changed.</summary>
    public int GoodSteps { get; init; }

    /// <summary>The best fitness so far.</summary>
    public double BestFitness { get; init; }

    /// <summary>The epoch of the best fitness, from 1.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Whether the run has ended.</summary>
    public bool Completed { get; init; }
}
