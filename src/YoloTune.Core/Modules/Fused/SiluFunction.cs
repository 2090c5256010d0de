using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace YoloTune.Modules.Fused;

/// <summary>f(z) = z / (1 + exp(-z)).</summary>
internal readonly struct SiluFunction : IPointwise
{
    // exp overflows float32 above 88.7; below -87.3 it leaves the normal numbers. The clamp changes no sigmoid of float32.
    private const float Largest = 88, Smallest = -87;

    // ln 2 in two parts, the first of few bits, so that n times it is exact (Cody and Waite 1980).
    private const float LogTwoUpper = 0.693359375f, LogTwoLower = -2.12194440e-4f, InverseLogTwo = 1.44269504f;
    private const int ExponentBias = 127, MantissaBits = 23;

    // Adding and taking away 1.5 * 2^23 rounds a float32 of less than 2^22 to a whole number.
    private const float Rounder = 12582912;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Value(Vector256<float> z) => z / (Vector256<float>.One + Exp(-z));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Slope(Vector256<float> z)
    {
        Vector256<float> sigmoid = Vector256<float>.One / (Vector256<float>.One + Exp(-z));
        return sigmoid * VectorMath.MulAdd(z, Vector256<float>.One - sigmoid, Vector256<float>.One);
    }

    /// <summary>e to the power of x by its Taylor series around the nearest multiple of ln 2; relative error below 3e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Exp(Vector256<float> x)
    {
        x = VectorMath.AtMost(VectorMath.AtLeast(x, Smallest), Largest);
        Vector256<float> shifted = VectorMath.MulAdd(x, Vector256.Create(InverseLogTwo), Vector256.Create(Rounder));
        Vector256<float> n = shifted - Vector256.Create(Rounder);
        Vector256<float> r = VectorMath.MulAdd(n, Vector256.Create(-LogTwoLower), VectorMath.MulAdd(n, Vector256.Create(-LogTwoUpper), x));
        Vector256<float> sum = VectorMath.MulAdd(r, Vector256.Create(1f / 720), Vector256.Create(1f / 120));
        sum = VectorMath.MulAdd(r, sum, Vector256.Create(1f / 24));
        sum = VectorMath.MulAdd(r, sum, Vector256.Create(1f / 6));
        sum = VectorMath.MulAdd(r, sum, Vector256.Create(0.5f));
        sum = VectorMath.MulAdd(r, sum, Vector256<float>.One);
        sum = VectorMath.MulAdd(r, sum, Vector256<float>.One);
        // The whole number stands in the lowest bits of the shifted value: it becomes the power of two.
        Vector256<int> power = Vector256.ShiftLeft(shifted.AsInt32() - Vector256.Create(BitConverter.SingleToInt32Bits(Rounder) - ExponentBias), MantissaBits);
        return sum * power.AsSingle();
    }
}
