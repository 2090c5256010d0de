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
    /// <summary>Sums of x and x² less a value near the mean, which keeps the difference of the two sums exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(in ChannelRows rows, int part, T* x, float* shift, float* sums, float* squares)
    {
        (long first, long last) = (rows.Start(part), rows.Start(part + 1));
        int width = rows.Width;
        for (int block = 0; block < width; block += ChannelRows.Block)
        {
            Vector256<float> s0 = Vector256<float>.Zero, s1 = s0, s2 = s0, s3 = s0, q0 = s0, q1 = s0, q2 = s0, q3 = s0;
            Vector256<float> k0 = Vector256.Load(shift + block), k1 = Vector256.Load(shift + block + VectorMath.Width);
            Vector256<float> k2 = Vector256.Load(shift + block + (2 * VectorMath.Width)), k3 = Vector256.Load(shift + block + (3 * VectorMath.Width));
            for (long row = first; row < last; row++)
            {
                T* at = x + (row * width) + block;
                Vector256<float> v0 = TFormat.Load(at) - k0, v1 = TFormat.Load(at + VectorMath.Width) - k1;
                Vector256<float> v2 = TFormat.Load(at + (2 * VectorMath.Width)) - k2, v3 = TFormat.Load(at + (3 * VectorMath.Width)) - k3;
                s0 += v0;
                s1 += v1;
                s2 += v2;
                s3 += v3;
                q0 = VectorMath.MulAdd(v0, v0, q0);
                q1 = VectorMath.MulAdd(v1, v1, q1);
                q2 = VectorMath.MulAdd(v2, v2, q2);
                q3 = VectorMath.MulAdd(v3, v3, q3);
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
            for (int i = 0; i < width; i += VectorMath.Width)
            {
                TFormat.Store(to + i, TFunction.Value(VectorMath.MulAdd(TFormat.Load(from + i), Vector256.Load(scale + i), Vector256.Load(offset + i))));
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
        in ChannelRows rows, int part, T* x, PixelMap gradient, T* result, float* scale, float* offset, float* mean, float* sums, float* products)
    {
        (long first, long last) = (rows.Start(part), rows.Start(part + 1));
        (int width, long step) = (rows.Width, rows.PixelsInRow * gradient.Stride);
        for (int block = 0; block < width; block += 2 * VectorMath.Width)
        {
            Vector256<float> s0 = Vector256<float>.Zero, s1 = s0, p0 = s0, p1 = s0;
            Vector256<float> a0 = Vector256.Load(scale + block), a1 = Vector256.Load(scale + block + VectorMath.Width);
            Vector256<float> b0 = Vector256.Load(offset + block), b1 = Vector256.Load(offset + block + VectorMath.Width);
            Vector256<float> m0 = Vector256.Load(mean + block), m1 = Vector256.Load(mean + block + VectorMath.Width);
            T* g0 = (T*)gradient.First + rows.Offset(block, gradient.Stride), g1 = (T*)gradient.First + rows.Offset(block + VectorMath.Width, gradient.Stride);
            for (long row = first; row < last; row++)
            {
                long at = (row * width) + block;
                Vector256<float> x0 = TFormat.Load(x + at), x1 = TFormat.Load(x + at + VectorMath.Width);
                Vector256<float> d0 = TFormat.Load(g0 + (row * step)) * TFunction.Slope(VectorMath.MulAdd(x0, a0, b0));
                Vector256<float> d1 = TFormat.Load(g1 + (row * step)) * TFunction.Slope(VectorMath.MulAdd(x1, a1, b1));
                TFormat.Store(result + at, d0);
                TFormat.Store(result + at + VectorMath.Width, d1);
                s0 += d0;
                s1 += d1;
                p0 = VectorMath.MulAdd(d0, x0 - m0, p0);
                p1 = VectorMath.MulAdd(d1, x1 - m1, p1);
            }
            s0.Store(sums + block);
            s1.Store(sums + block + VectorMath.Width);
            p0.Store(products + block);
            p1.Store(products + block + VectorMath.Width);
        }
        if (part != rows.Parts - 1) return;
        long rest = rows.Rows * width;
        for (int i = 0; i < rows.Rest; i++)
        {
            float value = TFormat.Get(x[rest + i]);
            float slope = TFunction.Slope(Vector256.Create((value * scale[i]) + offset[i])).ToScalar();
            float before = TFormat.Get(((T*)gradient.First)[(rows.Rows * step) + rows.Offset(i, gradient.Stride)]) * slope;
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
            for (int i = 0; i < width; i += VectorMath.Width)
            {
                Vector256<float> shift = VectorMath.MulAdd(TFormat.Load(from + i), Vector256.Load(slope + i), Vector256.Load(constant + i));
                TFormat.Store(to + i, VectorMath.MulAdd(TFormat.Load(to + i), Vector256.Load(scale + i), shift));
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
        v1.Store(to + VectorMath.Width);
        v2.Store(to + (2 * VectorMath.Width));
        v3.Store(to + (3 * VectorMath.Width));
    }
}
