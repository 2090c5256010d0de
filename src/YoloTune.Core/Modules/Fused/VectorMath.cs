using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace YoloTune.Modules.Fused;

/// <summary>Arithmetic for which the general vectors of .NET 8 have no single instruction.</summary>
internal static class VectorMath
{
    /// <summary>Values of a vector.</summary>
    public const int Width = 8;

    /// <summary>a · b + c, rounded once where the processor can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MulAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Fma.IsSupported ? Fma.MultiplyAdd(a, b, c) : (a * b) + c;

    /// <summary>The smaller of each pair; a value that is not a number stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> AtMost(Vector256<float> value, float limit) =>
        Avx.IsSupported ? Avx.Min(Vector256.Create(limit), value) : Vector256.Min(value, Vector256.Create(limit));

    /// <summary>The larger of each pair; a value that is not a number stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> AtLeast(Vector256<float> value, float limit) =>
        Avx.IsSupported ? Avx.Max(Vector256.Create(limit), value) : Vector256.Max(value, Vector256.Create(limit));
}
