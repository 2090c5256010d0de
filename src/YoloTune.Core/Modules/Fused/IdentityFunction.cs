using System.Runtime.CompilerServices;
using YoloTune.Runtime;

namespace YoloTune.Modules.Fused;

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
