namespace YoloTune.Training;

/// <summary>Whose rules a run follows where the reference's own are traps on small datasets.</summary>
public enum TrainingRules
{
    /// <summary>
    /// Warm-up takes at most <see cref="TrainingOptions.WarmupFraction"/> of the run and ends at the optimiser's own momentum; the last
    /// <see cref="TrainingOptions.CloseMosaic"/> epochs run without mosaic however long the run is; a learning rate that is given wins
    /// over an automatic choice; Adam's family start from <see cref="TrainingOptions.AdamLearningRate"/> when none is given.
    /// </summary>
    YoloTune,

    /// <summary>
    /// As Ultralytics 8.4: warm-up takes at least 100 batches even when the run has fewer; mosaic is closed only by a run that reaches the
    /// one epoch it is closed in; an automatic choice replaces a given learning rate.
    /// </summary>
    Reference,
}
