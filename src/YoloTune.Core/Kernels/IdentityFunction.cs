using System.Runtime.CompilerServices;

namespace YoloTune.Kernels;

/// <summary>f(z) = z.</summary>
internal readonly struct IdentityFunction : IPointwise
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => z;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Slope<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => TLanes.Of(1);
}
