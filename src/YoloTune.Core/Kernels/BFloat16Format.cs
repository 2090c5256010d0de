using System.Runtime.CompilerServices;

namespace YoloTune.Kernels;

/// <summary>
/// The upper half of a float32: widening is a shift, narrowing rounds to the nearest, ties to even. A NaN whose payload is all ones would
/// come out as zero; arithmetic does not make such.
/// </summary>
internal readonly unsafe struct BFloat16Format : IPixelFormat<ushort>
{
    private const uint HalfLessOne = 0x7FFF;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(ushort* from) where TLanes : struct, ILanes<TLanes> => TLanes.LoadUpper(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TLanes>(ushort* to, TLanes values) where TLanes : struct, ILanes<TLanes> => values.StoreUpper(to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Get(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Put(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + HalfLessOne + ((bits >> 16) & 1)) >> 16);
    }
}
