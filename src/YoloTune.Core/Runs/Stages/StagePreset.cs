namespace YoloTune.Runs.Stages;

/// <summary>Known recipes of stages.</summary>
public enum StagePreset
{
    /// <summary>
    /// Two phases after fastai's <c>fine_tune</c> (Howard and Gugger 2020): first the head and what is new alone, then everything; a step
    /// for every batch, half an epoch of warm-up, and sizes varied by a quarter.
    /// </summary>
    FineTune,

    /// <summary>
    /// Gradual unfreezing after ULMFiT (Howard and Ruder 2018): the head, then the neck, then the backbone block by block.
    /// </summary>
    GradualUnfreeze,
}
