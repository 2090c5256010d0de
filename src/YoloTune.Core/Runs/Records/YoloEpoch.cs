namespace YoloTune.Runs.Records;

/// <summary>What an epoch of a run gave. A value that was not measured is null.</summary>
public sealed record YoloEpoch
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The stage it belongs to.</summary>
    public string? Stage { get; init; }

    /// <summary>Seconds from the run's start to this epoch's end; interruptions do not count.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds of training.</summary>
    public double? TrainSeconds { get; init; }

    /// <summary>Seconds of validation.</summary>
    public double? ValidationSeconds { get; init; }

    /// <summary>Box loss, mean over the batches.</summary>
    public double BoxLoss { get; init; }

    /// <summary>Class loss, mean over the batches.</summary>
    public double ClassLoss { get; init; }

    /// <summary>Distribution focal loss, mean over the batches.</summary>
    public double DflLoss { get; init; }

    /// <summary>Precision of the averaged weights on the validation images.</summary>
    public double? Precision { get; init; }

    /// <summary>Recall of the averaged weights.</summary>
    public double? Recall { get; init; }

    /// <summary>mAP50 of the averaged weights.</summary>
    public double? MAP50 { get; init; }

    /// <summary>mAP50-95 of the averaged weights.</summary>
    public double? MAP { get; init; }

    /// <summary>Box loss on the validation images.</summary>
    public double? ValidationBoxLoss { get; init; }

    /// <summary>Class loss on the validation images.</summary>
    public double? ValidationClassLoss { get; init; }

    /// <summary>Distribution focal loss on the validation images.</summary>
    public double? ValidationDflLoss { get; init; }

    /// <summary>The learning rate of each parameter group after the last batch.</summary>
    public IReadOnlyList<double> LearningRates { get; init; } = [];

    /// <summary>The learning rate of the first parameter group after the last batch.</summary>
    public double? LearningRate => LearningRates.Count > 0 ? LearningRates[0] : null;

    /// <summary>Training images a second.</summary>
    public double? ImagesPerSecond { get; init; }
}
