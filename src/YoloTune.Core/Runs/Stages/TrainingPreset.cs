namespace YoloTune.Runs.Stages;

/// <summary>Which recipe a run without stages of its own follows.</summary>
public enum TrainingPreset
{
    /// <summary>
    /// <see cref="FineTune"/> where that was measured to be better: a short run of a detector that has new class rows and otherwise
    /// transferred weights, nothing frozen; <see cref="Plain"/> elsewhere.
    /// </summary>
    Auto,

    /// <summary>The stages of <see cref="StagePreset.FineTune"/>.</summary>
    FineTune,

    /// <summary>The stages of <see cref="StagePreset.GradualUnfreeze"/>.</summary>
    GradualUnfreeze,

    /// <summary>One stage with the options as they are.</summary>
    Plain,

    /// <summary>One stage by the rules of the reference, its traps included.</summary>
    Reference,
}
