namespace YoloTune.Training;

/// <summary>The number format of activations in forward and backward. Weights, statistics, loss and average are float32 always.</summary>
public enum TrainingPrecision
{
    /// <summary>The fastest format the device has in hardware without loss of quality.</summary>
    Auto,

    /// <summary>32 bits.</summary>
    Float32,

    /// <summary>16 bits with the range of float32; CPU and CUDA.</summary>
    BFloat16,

    /// <summary>16 bits with loss scaling; CUDA only.</summary>
    Float16,
}
