using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace YoloTune.Modules.Fused;

/// <summary>
/// The upper half of a float32: widening is a shift, narrowing rounds to the nearest, ties to even. A NaN whose payload is all ones would
/// come out as zero; arithmetic does not make such.
/// </summary>
internal readonly unsafe struct BFloat16Format : IPixelFormat<ushort>
{
    private const uint HalfLessOne = 0x7FFF;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ushort* from)
    {
        Vector128<ushort> narrow = Vector128.Load(from);
        Vector256<uint> wide = Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(narrow).AsUInt32()
            : Vector256.Create(Vector128.WidenLower(narrow), Vector128.WidenUpper(narrow));
        return Vector256.ShiftLeft(wide, 16).AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ushort* to, Vector256<float> values)
    {
        Vector256<uint> bits = values.AsUInt32();
        Vector256<uint> even = Vector256.ShiftRightLogical(bits, 16) & Vector256<uint>.One;
        Vector256<uint> upper = Vector256.ShiftRightLogical(bits + Vector256.Create(HalfLessOne) + even, 16);
        Vector128<ushort> narrow = Avx512F.VL.IsSupported
            ? Avx512F.VL.ConvertToVector128UInt16(upper)
            : Vector128.Narrow(upper.GetLower(), upper.GetUpper());
        narrow.Store(to);
    }

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
