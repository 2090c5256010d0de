namespace YoloTune.Training.Schedule;

/// <summary>What a learning-rate schedule is made from.</summary>
internal sealed record ScheduleSettings
{
    /// <summary>Epochs of the run.</summary>
    public required int Epochs { get; init; }

    /// <summary>Batches an epoch.</summary>
    public required int BatchesPerEpoch { get; init; }

    /// <summary>Images per batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Images whose gradients make one step; smaller batches are accumulated.</summary>
    public int NominalBatchSize { get; init; } = 64;

    /// <summary>Fraction of the initial learning rate that the schedule falls towards.</summary>
    public double FinalFraction { get; init; } = 0.01;

    /// <summary>Half a cosine instead of a straight line.</summary>
    public bool Cosine { get; init; }

    /// <summary>Epochs of warm-up.</summary>
    public double WarmupEpochs { get; init; } = 3;

    /// <summary>Batches of warm-up at least.</summary>
    public int WarmupBatches { get; init; } = 100;

    /// <summary>The largest fraction of the run that warm-up may take; null sets no limit.</summary>
    public double? WarmupFraction { get; init; }

    /// <summary>Momentum at the first batch.</summary>
    public double WarmupMomentum { get; init; } = 0.8;

    /// <summary>Momentum at the end of warm-up; null leaves momentum alone, as for Adam's family.</summary>
    public double? Momentum { get; init; }

    /// <summary>Learning rate of biases at the first batch; all others start from 0.</summary>
    public double WarmupBiasLearningRate { get; init; } = 0.1;
}
