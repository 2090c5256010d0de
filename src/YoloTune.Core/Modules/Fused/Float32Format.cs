using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace YoloTune.Modules.Fused;

/// <summary>Values that lie in memory as they are.</summary>
internal readonly unsafe struct Float32Format : IPixelFormat<float>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* from) => Vector256.Load(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Vector256<float> values) => values.Store(to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Get(float value) => value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Put(float value) => value;
}
