using System.Runtime.CompilerServices;

namespace YoloTune.Kernels;

/// <summary>f(z) = z / (1 + exp(-z)).</summary>
internal readonly struct SiluFunction : IPointwise
{
    // exp overflows float32 above 88.7; below -87.3 it leaves the normal numbers. The clamp changes no sigmoid of float32.
    private const float Largest = 88, Smallest = -87;

    // ln 2 in two parts, the first of few bits, so that n times it is exact (Cody and Waite 1980).
    private const float LogTwoUpper = 0.693359375f, LogTwoLower = -2.12194440e-4f, InverseLogTwo = 1.44269504f;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes> => z / (TLanes.Of(1) + Exp(-z));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Slope<TLanes>(TLanes z) where TLanes : struct, ILanes<TLanes>
    {
        TLanes one = TLanes.Of(1), sigmoid = one / (one + Exp(-z));
        return sigmoid * TLanes.MulAdd(z, one - sigmoid, one);
    }

    /// <summary>e to the power of x by its Taylor series around the nearest multiple of ln 2; relative error below 3e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Exp<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.AtMost(TLanes.AtLeast(x, Smallest), Largest);
        TLanes n = TLanes.Round(x * TLanes.Of(InverseLogTwo));
        TLanes r = TLanes.MulAdd(n, TLanes.Of(-LogTwoLower), TLanes.MulAdd(n, TLanes.Of(-LogTwoUpper), x));
        TLanes sum = TLanes.MulAdd(r, TLanes.Of(1f / 720), TLanes.Of(1f / 120));
        sum = TLanes.MulAdd(r, sum, TLanes.Of(1f / 24));
        sum = TLanes.MulAdd(r, sum, TLanes.Of(1f / 6));
        sum = TLanes.MulAdd(r, sum, TLanes.Of(0.5f));
        sum = TLanes.MulAdd(r, sum, TLanes.Of(1));
        sum = TLanes.MulAdd(r, sum, TLanes.Of(1));
        return TLanes.Scale(sum, n);
    }
}
