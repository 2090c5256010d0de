using System.Runtime.CompilerServices;

namespace YoloTune.Kernels;

/// <summary>Values that lie in memory as they are.</summary>
internal readonly unsafe struct Float32Format : IPixelFormat<float>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(float* from) where TLanes : struct, ILanes<TLanes> => TLanes.Load(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TLanes>(float* to, TLanes values) where TLanes : struct, ILanes<TLanes> => values.Store(to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Get(float value) => value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Put(float value) => value;
}
