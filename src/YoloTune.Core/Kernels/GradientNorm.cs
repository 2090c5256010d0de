using System.Runtime.CompilerServices;
using TorchSharp;

namespace YoloTune.Kernels;

/// <summary>
/// The common norm of all gradients in the processor's memory, and their limit: two passes over the values instead of libtorch's two
/// operations and three small tensors for each gradient.
/// </summary>
internal sealed class GradientNorm
{
    private readonly DenseMemory[] gradients;

    private GradientNorm(DenseMemory[] gradients) => this.gradients = gradients;

    /// <summary>
    /// The kernel for these gradients; null where kernels are off or a gradient is not float32 without gaps in the processor's memory.
    /// </summary>
    /// <param name="gradients">The gradients, which have to outlive the result.</param>
    public static GradientNorm? Of(IReadOnlyCollection<torch.Tensor> gradients)
    {
        if (!KernelSwitch.IsOn) return null;
        List<DenseMemory> all = new(gradients.Count);
        foreach (torch.Tensor gradient in gradients)
        {
            if (DenseMemory.Of(gradient) is not DenseMemory memory) return null;
            all.Add(memory);
        }
        // The largest first: no thread is then left with one at the end.
        return new([.. all.OrderByDescending(memory => memory.Count)]);
    }

    /// <summary>Divides all gradients by the scale of the loss and limits their common norm.</summary>
    /// <param name="maximum">The largest norm.</param>
    /// <param name="lossScale">What the loss was multiplied by before the backward pass.</param>
    /// <param name="tiny">Added to the norm before it divides the maximum.</param>
    /// <returns>The norm before clipping, unscaled.</returns>
    public double Clip(double maximum, double lossScale, double tiny)
    {
        int threads = torch.get_num_threads();
        double[] squares = new double[gradients.Length];
        TorchThreads.ForEach(gradients.Length, threads, i =>
            squares[i] = Lanes16.IsSupported ? Square<Lanes16>(gradients[i]) : Square<Lanes8>(gradients[i]));
        double norm = Math.Sqrt(squares.Sum()) / lossScale, factor = Math.Min(1, maximum / (norm + tiny)) / lossScale;
        if (factor == 1) return norm;
        TorchThreads.ForEach(gradients.Length, threads, i =>
        {
            if (Lanes16.IsSupported) Multiply<Lanes16>(gradients[i], (float)factor);
            else Multiply<Lanes8>(gradients[i], (float)factor);
        });
        return norm;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe double Square<TLanes>(DenseMemory memory) where TLanes : struct, ILanes<TLanes>
    {
        // Sums of a few thousand squares lose nothing in float32; sums of millions would.
        const long Block = 1 << 12;
        float* values = (float*)memory.First;
        double sum = 0;
        long i = 0;
        while (memory.Count - i >= TLanes.Width)
        {
            TLanes block = TLanes.Of(0);
            for (long end = Math.Min(i + Block, memory.Count); end - i >= TLanes.Width; i += TLanes.Width)
            {
                TLanes value = TLanes.Load(values + i);
                block = TLanes.MulAdd(value, value, block);
            }
            sum += block.Sum();
        }
        for (; i < memory.Count; i++) sum += (double)values[i] * values[i];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Multiply<TLanes>(DenseMemory memory, float factor) where TLanes : struct, ILanes<TLanes>
    {
        float* values = (float*)memory.First;
        long i = 0;
        for (; memory.Count - i >= TLanes.Width; i += TLanes.Width) (TLanes.Load(values + i) * TLanes.Of(factor)).Store(values + i);
        for (; i < memory.Count; i++) values[i] *= factor;
    }
}
