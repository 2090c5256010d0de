namespace YoloTune.Evaluation;

/// <summary>What may be asked of a validation beyond its metrics.</summary>
internal sealed record ValidationHooks
{
    /// <summary>Computes a loss of each batch; the metrics then carry its mean. An end-to-end network is not folded for it.</summary>
    public BatchLoss? Loss { get; init; }

    /// <summary>The names of the values that <see cref="Loss"/> gives, in their order.</summary>
    public IReadOnlyList<string> LossNames { get; init; } = [];

    /// <summary>Is shown each batch with its detections.</summary>
    public Action<EvaluatedBatch>? Observer { get; init; }

    /// <summary>Receives how far the validation is, after each batch.</summary>
    public IProgress<EvaluationProgress>? Progress { get; init; }

    /// <summary>How many images there are, for the progress; null when that is not known.</summary>
    public int? TotalImages { get; init; }
}
