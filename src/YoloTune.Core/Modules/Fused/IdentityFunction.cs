using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace YoloTune.Modules.Fused;

/// <summary>f(z) = z.</summary>
internal readonly struct IdentityFunction : IPointwise
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<float> z) => z;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Slope(Vector256<float> z) => Vector256<float>.One;
}
