namespace YoloTune.Runs;

/// <summary>What a run is doing.</summary>
public enum TrainingPhase
{
    /// <summary>Checking the dataset.</summary>
    Preparing,

    /// <summary>Training on the batches of an epoch.</summary>
    Training,

    /// <summary>Measuring the averaged weights.</summary>
    Validating,

    /// <summary>Measuring the best weights and drawing the pictures.</summary>
    Finishing,
}
