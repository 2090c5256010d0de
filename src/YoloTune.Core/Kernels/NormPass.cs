using System.Runtime.InteropServices;
using TorchSharp;

namespace YoloTune.Kernels;

/// <summary>What a normalisation with activation remembers of its forward pass.</summary>
/// <param name="Rows">How the map is looked at.</param>
/// <param name="Mean">The mean of each channel, or the running mean where the statistics are kept.</param>
/// <param name="InverseDeviation">One over the standard deviation of each channel.</param>
/// <param name="Scale">Factor of each channel.</param>
/// <param name="Offset">Offset of each channel.</param>
/// <param name="Learns">Whether mean and deviation are the batch's own, and so depend on every pixel.</param>
internal sealed record NormPass(ChannelRows Rows, float[] Mean, float[] InverseDeviation, float[] Scale, float[] Offset, bool Learns)
{
    /// <summary>Normalises and activates a dense channels-last map.</summary>
    /// <returns>
    /// What the backward pass needs; the statistics of the batch, not yet those of the run; the result, laid out as the map.
    /// </returns>
    public static unsafe (NormPass Pass, double[]? Variance, torch.Tensor Result) Forward<T, TFormat, TFunction,
        TLanes>(torch.Tensor map, INormLayer norm, bool learns)
        where T : unmanaged
        where TFormat : struct, IPixelFormat<T>
        where TFunction : struct, IPointwise
        where TLanes : struct, ILanes<TLanes>
    {
        ChannelRows rows = new(map.numel() / map.size(1), (int)map.size(1));
        int threads = torch.get_num_threads();
        T* x = (T*)PixelMap.Of(map).First;
        float[] gain = Values(norm.Gains), bias = Values(norm.Offsets);
        float[] mean = new float[rows.Channels], inverse = new float[rows.Channels];
        double[]? variance = null;
        if (learns)
        {
            variance = Statistics<T, TFormat, TFunction, TLanes>(rows, threads, x, mean);
            for (int c = 0; c < rows.Channels; c++) inverse[c] = (float)(1 / Math.Sqrt(variance[c] + norm.Epsilon));
        }
        else
        {
            mean = Values(norm.RunningMean);
            float[] running = Values(norm.RunningVariance);
            for (int c = 0; c < rows.Channels; c++) inverse[c] = (float)(1 / Math.Sqrt(running[c] + norm.Epsilon));
        }
        float[] scale = new float[rows.Channels], offset = new float[rows.Channels];
        for (int c = 0; c < rows.Channels; c++)
        {
            scale[c] = inverse[c] * gain[c];
            offset[c] = (float)(bias[c] - ((double)mean[c] * scale[c]));
        }
        torch.Tensor result = torch.empty_like(map);
        T* y = (T*)PixelMap.Of(result).First;
        fixed (float* a = rows.Repeat(scale), b = rows.Repeat(offset))
        {
            (nint a0, nint b0) = ((nint)a, (nint)b);
            TorchThreads.ForEach(rows.Parts, threads, part => NormKernel<T, TFormat, TFunction,
                TLanes>.Forward(rows, part, x, y, (float*)a0, (float*)b0));
        }
        return (new(rows, mean, inverse, scale, offset, learns), variance, result);
    }

    /// <summary>The gradients of the map (dense, channels-last), of the gain and of the bias, from the gradient of the result.</summary>
    public unsafe (torch.Tensor Map, float[] Gain, float[] Bias) Backward<T, TFormat, TFunction,
        TLanes>(torch.Tensor map, PixelMap gradient)
        where T : unmanaged
        where TFormat : struct, IPixelFormat<T>
        where TFunction : struct, IPointwise
        where TLanes : struct, ILanes<TLanes>
    {
        int threads = torch.get_num_threads();
        ChannelRows rows = Rows;
        T* x = (T*)PixelMap.Of(map).First;
        torch.Tensor result = torch.empty_like(map);
        T* dx = (T*)PixelMap.Of(result).First;
        float[] gainGradient = new float[rows.Channels], biasGradient = new float[rows.Channels];
        float[] slope = new float[rows.Channels], constant = new float[rows.Channels];
        float[] sums = new float[rows.Parts * rows.Width], products = new float[rows.Parts * rows.Width];
        fixed (float* a = rows.Repeat(Scale), b = rows.Repeat(Offset), m = rows.Repeat(Mean), s = sums, p = products)
        {
            (nint a0, nint b0, nint m0, nint s0, nint p0) = ((nint)a, (nint)b, (nint)m, (nint)s, (nint)p);
            TorchThreads.ForEach(rows.Parts, threads, part => NormKernel<T, TFormat, TFunction, TLanes>.BackwardSum(
                rows, part, x, gradient, dx, (float*)a0, (float*)b0, (float*)m0, (float*)s0 + (part * rows.Width),
                (float*)p0 + (part * rows.Width)));
            double[] bias = rows.Fold(sums), product = rows.Fold(products);
            for (int c = 0; c < rows.Channels; c++)
            {
                biasGradient[c] = (float)bias[c];
                gainGradient[c] = (float)(product[c] * InverseDeviation[c]);
                if (!Learns) continue;
                // Ioffe and Szegedy 2015, section 3: the mean and the deviation pass a part of every pixel's gradient to all pixels.
                double square = (double)InverseDeviation[c] * InverseDeviation[c];
                double steep = -Scale[c] * square * product[c] / rows.Pixels;
                slope[c] = (float)steep;
                constant[c] = (float)(-(Scale[c] * bias[c] / rows.Pixels) - (steep * Mean[c]));
            }
            fixed (float* q = rows.Repeat(slope), r = rows.Repeat(constant))
            {
                (nint q0, nint r0) = ((nint)q, (nint)r);
                TorchThreads.ForEach(rows.Parts, threads, part => NormKernel<T, TFormat, TFunction, TLanes>.Backward(
                    rows, part, x, dx, (float*)a0, (float*)q0, (float*)r0));
            }
        }
        return (result, gainGradient, biasGradient);
    }

    /// <summary>The values of a contiguous float32 tensor.</summary>
    internal static float[] Values(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes).ToArray();

    private static unsafe double[] Statistics<T, TFormat, TFunction, TLanes>(ChannelRows rows, int threads, T* x, float[] mean)
        where T : unmanaged
        where TFormat : struct, IPixelFormat<T>
        where TFunction : struct, IPointwise
        where TLanes : struct, ILanes<TLanes>
    {
        // The first pixel is near enough to the mean.
        float[] shift = new float[rows.Channels];
        for (int c = 0; c < shift.Length; c++) shift[c] = TFormat.Get(x[c]);
        float[] sums = new float[rows.Parts * rows.Width], squares = new float[rows.Parts * rows.Width];
        fixed (float* k = rows.Repeat(shift), s = sums, q = squares)
        {
            (nint k0, nint s0, nint q0) = ((nint)k, (nint)s, (nint)q);
            TorchThreads.ForEach(rows.Parts, threads, part => NormKernel<T, TFormat, TFunction, TLanes>.Sum(
                rows, part, x, (float*)k0, (float*)s0 + (part * rows.Width), (float*)q0 + (part * rows.Width)));
        }
        double[] sum = rows.Fold(sums), variance = rows.Fold(squares);
        for (int c = 0; c < rows.Channels; c++)
        {
            double average = sum[c] / rows.Pixels;
            mean[c] = (float)(shift[c] + average);
            variance[c] = Math.Max(0, (variance[c] / rows.Pixels) - (average * average));
        }
        return variance;
    }
}
