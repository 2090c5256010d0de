namespace YoloTune.Kernels;

/// <summary>The activations that the kernels know.</summary>
internal enum PointwiseFunction
{
    /// <summary>None.</summary>
    Identity,

    /// <summary>x times the sigmoid of x.</summary>
    Silu,
}
