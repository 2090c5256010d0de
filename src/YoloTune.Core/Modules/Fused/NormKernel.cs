using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace YoloTune.Modules.Fused;

/// <summary>
/// Batch normalisation and activation of a dense channels-last map in as few passes over memory as they need: two forward, two backward.
/// Done one after the other by general operations they take four and five, and keep one more map for the backward pass.
/// </summary>
/// <typeparam name="T">A value in memory.</typeparam>
/// <typeparam name="TFormat">How it lies there.</typeparam>
/// <typeparam name="TFunction">The activation.</typeparam>
internal static unsafe class NormKernel<T, TFormat, TFunction>
    where T : unmanaged
    where TFormat : struct, IPixelFormat<T>
    where TFunction : struct, IPointwise
{
    private const int Vector = 8;

    /// <summary>Sums of x and x² less a value near the mean, which keeps the difference of the two sums exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(in ChannelRows rows, int part, T* x, float* shift, float* sums, float* squares)
    {
        (long first, long last) = (rows.Start(part), rows.Start(part + 1));
        int width = rows.Width;
        for (int block = 0; block < width; block += ChannelRows.Block)
        {
            Vector256<float> s0 = Vector256<float>.Zero, s1 = s0, s2 = s0, s3 = s0, q0 = s0, q1 = s0, q2 = s0, q3 = s0;
            Vector256<float> k0 = Vector256.Load(shift + block), k1 = Vector256.Load(shift + block + Vector);
            Vector256<float> k2 = Vector256.Load(shift + block + (2 * Vector)), k3 = Vector256.Load(shift + block + (3 * Vector));
            for (long row = first; row < last; row++)
            {
                T* at = x + (row * width) + block;
                Vector256<float> v0 = TFormat.Load(at) - k0, v1 = TFormat.Load(at + Vector) - k1;
                Vector256<float> v2 = TFormat.Load(at + (2 * Vector)) - k2, v3 = TFormat.Load(at + (3 * Vector)) - k3;
                s0 += v0;
                s1 += v1;
                s2 += v2;
                s3 += v3;
                q0 += v0 * v0;
                q1 += v1 * v1;
                q2 += v2 * v2;
                q3 += v3 * v3;
            }
            Put(sums + block, s0, s1, s2, s3);
            Put(squares + block, q0, q1, q2, q3);
        }
        if (part != rows.Parts - 1) return;
        T* rest = x + (rows.Rows * width);
        for (int i = 0; i < rows.Rest; i++)
        {
            float value = TFormat.Get(rest[i]) - shift[i];
            sums[i] += value;
            squares[i] += value * value;
        }
    }

    /// <summary>y = f(x · scale + offset).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(in ChannelRows rows, int part, T* x, T* y, float* scale, float* offset)
    {
        (long first, long last) = (rows.Start(part), rows.Start(part + 1));
        int width = rows.Width;
        for (long row = first; row < last; row++)
        {
            T* from = x + (row * width), to = y + (row * width);
            for (int i = 0; i < width; i += Vector)
            {
                TFormat.Store(to + i, TFunction.Value((TFormat.Load(from + i) * Vector256.Load(scale + i)) + Vector256.Load(offset + i)));
            }
        }
        if (part != rows.Parts - 1) return;
        long rest = rows.Rows * width;
        for (int i = 0; i < rows.Rest; i++)
            y[rest + i] = TFormat.Put(TFunction.Value(Vector256.Create((TFormat.Get(x[rest + i]) * scale[i]) + offset[i])).ToScalar());
    }

    /// <summary>Writes d, the gradient before the activation; gives the sums of d and of d · (x - mean).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardSum(
        in ChannelRows rows, int part, T* x, T* gradient, T* result, float* scale, float* offset, float* mean, float* sums, float* products)
    {
        (long first, long last) = (rows.Start(part), rows.Start(part + 1));
        int width = rows.Width;
        for (int block = 0; block < width; block += 2 * Vector)
        {
            Vector256<float> s0 = Vector256<float>.Zero, s1 = s0, p0 = s0, p1 = s0;
            Vector256<float> a0 = Vector256.Load(scale + block), a1 = Vector256.Load(scale + block + Vector);
            Vector256<float> b0 = Vector256.Load(offset + block), b1 = Vector256.Load(offset + block + Vector);
            Vector256<float> m0 = Vector256.Load(mean + block), m1 = Vector256.Load(mean + block + Vector);
            for (long row = first; row < last; row++)
            {
                long at = (row * width) + block;
                Vector256<float> x0 = TFormat.Load(x + at), x1 = TFormat.Load(x + at + Vector);
                Vector256<float> d0 = TFormat.Load(gradient + at) * TFunction.Slope((x0 * a0) + b0);
                Vector256<float> d1 = TFormat.Load(gradient + at + Vector) * TFunction.Slope((x1 * a1) + b1);
                TFormat.Store(result + at, d0);
                TFormat.Store(result + at + Vector, d1);
                s0 += d0;
                s1 += d1;
                p0 += d0 * (x0 - m0);
                p1 += d1 * (x1 - m1);
            }
            s0.Store(sums + block);
            s1.Store(sums + block + Vector);
            p0.Store(products + block);
            p1.Store(products + block + Vector);
        }
        if (part != rows.Parts - 1) return;
        long rest = rows.Rows * width;
        for (int i = 0; i < rows.Rest; i++)
        {
            float value = TFormat.Get(x[rest + i]);
            float slope = TFunction.Slope(Vector256.Create((value * scale[i]) + offset[i])).ToScalar();
            float before = TFormat.Get(gradient[rest + i]) * slope;
            result[rest + i] = TFormat.Put(before);
            sums[i] += before;
            products[i] += before * (value - mean[i]);
        }
    }

    /// <summary>From d to the gradient of x, in place: d · scale + x · slope + constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(in ChannelRows rows, int part, T* x, T* result, float* scale, float* slope, float* constant)
    {
        (long first, long last) = (rows.Start(part), rows.Start(part + 1));
        int width = rows.Width;
        for (long row = first; row < last; row++)
        {
            T* from = x + (row * width), to = result + (row * width);
            for (int i = 0; i < width; i += Vector)
            {
                TFormat.Store(to + i, (TFormat.Load(to + i) * Vector256.Load(scale + i))
                    + (TFormat.Load(from + i) * Vector256.Load(slope + i)) + Vector256.Load(constant + i));
            }
        }
        if (part != rows.Parts - 1) return;
        long rest = rows.Rows * width;
        for (int i = 0; i < rows.Rest; i++)
            result[rest + i] = TFormat.Put((TFormat.Get(result[rest + i]) * scale[i]) + (TFormat.Get(x[rest + i]) * slope[i]) + constant[i]);
    }

    private static void Put(float* to, Vector256<float> v0, Vector256<float> v1, Vector256<float> v2, Vector256<float> v3)
    {
        v0.Store(to);
        v1.Store(to + Vector);
        v2.Store(to + (2 * Vector));
        v3.Store(to + (3 * Vector));
    }
}
