using System.Runtime.CompilerServices;

namespace YoloTune.Kernels;

/// <summary>
/// The step of Adam for one parameter after the other in the processor's memory. Four values are read and three written once; general
/// operations go over them eleven times, and their calls cost more than the arithmetic.
/// </summary>
internal static unsafe class AdamKernel
{
    /// <summary>A parameter that is to move.</summary>
    /// <param name="Value">Its values.</param>
    /// <param name="Gradient">Their gradients, in the same order.</param>
    /// <param name="Mean">The running means of the gradients.</param>
    /// <param name="Square">The running means of their squares.</param>
    /// <param name="Numbers">The factors of this step.</param>
    public readonly record struct Item(DenseMemory Value, DenseMemory Gradient, DenseMemory Mean, DenseMemory Square, AdamFactors Numbers);

    /// <summary>Moves all parameters.</summary>
    public static void Run(List<Item> items)
    {
        // The largest first: no thread is then left with one at the end.
        Item[] order = [.. items.OrderByDescending(item => item.Value.Count)];
        TorchThreads.ForEach(order.Length, TorchSharp.torch.get_num_threads(), i =>
        {
            if (Lanes16.IsSupported) Move<Lanes16>(order[i]);
            else Move<Lanes8>(order[i]);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move<TLanes>(in Item item) where TLanes : struct, ILanes<TLanes>
    {
        float* value = (float*)item.Value.First, gradient = (float*)item.Gradient.First;
        float* mean = (float*)item.Mean.First, square = (float*)item.Square.First;
        long count = item.Value.Count, whole = count - (count % TLanes.Width);
        for (long i = 0; i < whole; i += TLanes.Width) Move<TLanes>(item.Numbers, value + i, gradient + i, mean + i, square + i);
        if (whole == count) return;
        float* rest = stackalloc float[4 * TLanes.Width];
        Span<nint> all = [(nint)value, (nint)gradient, (nint)mean, (nint)square];
        int length = (int)(count - whole) * sizeof(float);
        for (int k = 0; k < all.Length; k++) Unsafe.CopyBlock(rest + (k * TLanes.Width), (float*)all[k] + whole, (uint)length);
        Move<TLanes>(item.Numbers, rest, rest + TLanes.Width, rest + (2 * TLanes.Width), rest + (3 * TLanes.Width));
        for (int k = 0; k < all.Length; k++) Unsafe.CopyBlock((float*)all[k] + whole, rest + (k * TLanes.Width), (uint)length);
    }

    // Kingma and Ba 2015, algorithm 1; decay as Loshchilov and Hutter 2019, or on the gradient.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move<TLanes>(in AdamFactors by, float* value, float* gradient, float* mean, float* square)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes p = TLanes.Load(value) * TLanes.Of(by.Keep), g =
            TLanes.MulAdd(TLanes.Load(value), TLanes.Of(by.Decay), TLanes.Load(gradient));
        TLanes m = TLanes.MulAdd(TLanes.Load(mean), TLanes.Of(by.MeanDecay), g * TLanes.Of(by.MeanShare));
        TLanes s = TLanes.MulAdd(TLanes.Load(square), TLanes.Of(by.SquareDecay), g * g * TLanes.Of(by.SquareShare));
        m.Store(mean);
        s.Store(square);
        TLanes scale = TLanes.MulAdd(TLanes.Sqrt(s), TLanes.Of(by.RootScale), TLanes.Of(by.Epsilon));
        TLanes.MulAdd(m / scale, TLanes.Of(-by.Rate), p).Store(value);
    }
}

/// <summary>The numbers of one step of Adam for one parameter.</summary>
/// <param name="Keep">What the value is multiplied by before it moves: decoupled decay.</param>
/// <param name="Decay">Fraction of the value that is added to the gradient: coupled decay.</param>
/// <param name="MeanDecay">Decay of the mean gradient.</param>
/// <param name="MeanShare">Fraction of the new gradient in the mean.</param>
/// <param name="SquareDecay">Decay of the mean square.</param>
/// <param name="SquareShare">Fraction of the new square.</param>
/// <param name="RootScale">Corrects the root of the mean square for its start at zero.</param>
/// <param name="Epsilon">Keeps the quotient finite.</param>
/// <param name="Rate">The learning rate, corrected for the mean's start at zero.</param>
internal readonly record struct AdamFactors(
    float Keep, float Decay, float MeanDecay, float MeanShare, float SquareDecay, float SquareShare, float RootScale, float Epsilon,
    float Rate);
