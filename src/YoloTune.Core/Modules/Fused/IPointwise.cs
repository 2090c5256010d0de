using System.Runtime.Intrinsics;

namespace YoloTune.Modules.Fused;

/// <summary>A function of one value, with its derivative.</summary>
internal interface IPointwise
{
    /// <summary>f(z).</summary>
    static abstract Vector256<float> Value(Vector256<float> z);

    /// <summary>f'(z).</summary>
    static abstract Vector256<float> Slope(Vector256<float> z);
}
