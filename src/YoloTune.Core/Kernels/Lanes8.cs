using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace YoloTune.Kernels;

/// <summary>Eight values, for every processor with vectors of that width.</summary>
internal readonly unsafe struct Lanes8(Vector256<float> values) : ILanes<Lanes8>
{
    private const int UpperShift = 16, ExponentBias = 127, MantissaBits = 23;
    private const uint HalfLessOne = 0x7FFF;

    // Adding and taking away 1.5 * 2^23 rounds a float32 of less than 2^22 to a whole number.
    private const float Rounder = 12582912;

    private readonly Vector256<float> values = values;

    /// <summary>Whether the processor has them.</summary>
    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    /// <inheritdoc/>
    public static int Width => 8;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Of(float value) => new(Vector256.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Load(float* from) => new(Vector256.Load(from));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 LoadUpper(ushort* from)
    {
        Vector128<ushort> narrow = Vector128.Load(from);
        Vector256<uint> wide = Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(narrow).AsUInt32()
            : Vector256.Create(Vector128.WidenLower(narrow), Vector128.WidenUpper(narrow));
        return new(Vector256.ShiftLeft(wide, UpperShift).AsSingle());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => values.Store(to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreUpper(ushort* to)
    {
        Vector256<uint> bits = values.AsUInt32();
        Vector256<uint> even = Vector256.ShiftRightLogical(bits, UpperShift) & Vector256<uint>.One;
        Vector256<uint> upper = Vector256.ShiftRightLogical(bits + Vector256.Create(HalfLessOne) + even, UpperShift);
        Vector128.Narrow(upper.GetLower(), upper.GetUpper()).Store(to);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float First() => values.ToScalar();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => Vector256.Sum(values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 MulAdd(Lanes8 a, Lanes8 b, Lanes8 c) =>
        new(Fma.IsSupported ? Fma.MultiplyAdd(a.values, b.values, c.values) : (a.values * b.values) + c.values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 AtMost(Lanes8 value, float limit) =>
        new(Avx.IsSupported ? Avx.Min(Vector256.Create(limit), value.values) : Vector256.Min(value.values, Vector256.Create(limit)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 AtLeast(Lanes8 value, float limit) =>
        new(Avx.IsSupported ? Avx.Max(Vector256.Create(limit), value.values) : Vector256.Max(value.values, Vector256.Create(limit)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Round(Lanes8 value) => new((value.values + Vector256.Create(Rounder)) - Vector256.Create(Rounder));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Scale(Lanes8 value, Lanes8 power)
    {
        Vector256<int> exponent = Vector256.ConvertToInt32(power.values) + Vector256.Create(ExponentBias);
        return new(value.values * Vector256.ShiftLeft(exponent, MantissaBits).AsSingle());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Sqrt(Lanes8 value) => new(Vector256.Sqrt(value.values));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 CoarseReciprocal(Lanes8 value) =>
        new(Avx512F.VL.IsSupported ? Avx512F.VL.Reciprocal14(value.values) : Vector256<float>.One / value.values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator +(Lanes8 a, Lanes8 b) => new(a.values + b.values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator -(Lanes8 a, Lanes8 b) => new(a.values - b.values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator *(Lanes8 a, Lanes8 b) => new(a.values * b.values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator /(Lanes8 a, Lanes8 b) => new(a.values / b.values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator -(Lanes8 a) => new(-a.values);
}
