namespace YoloTune.Training;

/// <summary>The parts of a training step, in their order; measurements tell them apart.</summary>
internal enum StepPart
{
    /// <summary>Pixels to the network's number format and layout.</summary>
    Input,

    /// <summary>The network.</summary>
    Forward,

    /// <summary>The loss and its assigner.</summary>
    Loss,

    /// <summary>The gradients.</summary>
    Backward,

    /// <summary>Clipping, the optimiser's step, dropping the gradients.</summary>
    Optimizer,

    /// <summary>The moving average of the weights.</summary>
    Average,
}
