namespace YoloTune.Basics;

/// <summary>The number format a network computes in. Weights and statistics stay in float32 whatever it is.</summary>
public enum ComputePrecision
{
    /// <summary>The fastest format the device has in hardware and that is shown not to cost quality.</summary>
    Auto,

    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>bfloat16: the range of float32 with 8 bits of mantissa.</summary>
    BFloat16,

    /// <summary>Half precision; CUDA only.</summary>
    Float16,
}
