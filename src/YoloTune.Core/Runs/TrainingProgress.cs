namespace YoloTune.Runs;

/// <summary>How far a run is.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="Epoch">The epoch, from 1; 0 before the first.</param>
/// <param name="Epochs">Epochs of the run.</param>
/// <param name="Batch">Batches, or while validating images, done in this phase.</param>
/// <param name="Batches">Batches or images of this phase.</param>
public sealed record TrainingProgress(TrainingPhase Phase, int Epoch, int Epochs, int Batch, int Batches)
{
    /// <summary>The stage; null in a run without stages.</summary>
    public string? Stage { get; init; }

    /// <summary>The losses by their names, mean over the epoch so far.</summary>
    public IReadOnlyDictionary<string, double> Losses { get; init; } = new Dictionary<string, double>();

    /// <summary>The fitness of the last epoch that was validated.</summary>
    public double? Fitness { get; init; }

    /// <summary>The highest fitness so far.</summary>
    public double? BestFitness { get; init; }

    /// <summary>The epoch that had it.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>What the fitness is, such as mAP50-95.</summary>
    public string FitnessName { get; init; } = "fitness";

    /// <summary>Training images per second in this epoch.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>The time the rest of the run will take, from the epochs and batches so far.</summary>
    public TimeSpan? Remaining { get; init; }
}
