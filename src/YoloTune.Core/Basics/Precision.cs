namespace YoloTune.Basics;

/// <summary>
/// The number format of activations, in training and in inference. Weights, statistics, loss and average are float32 in training whatever
/// it is.
/// </summary>
public enum Precision
{
    /// <summary>The fastest format that the device has in hardware and that costs no quality worth mentioning.</summary>
    Auto,

    /// <summary>32 bits.</summary>
    Float32,

    /// <summary>16 bits with the range of float32 and 8 bits of mantissa; CPU and CUDA.</summary>
    BFloat16,

    /// <summary>16 bits with 11 bits of mantissa, trained with loss scaling; CUDA only.</summary>
    Float16,
}
