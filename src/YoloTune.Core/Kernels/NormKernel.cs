using System.Runtime.CompilerServices;

namespace YoloTune.Kernels;

/// <summary>
/// Batch normalisation and activation of a dense channels-last map in as few passes over memory as they need: two forward, two backward.
/// Done one after the other by general operations they take four and five, and keep one more map for the backward pass.
/// </summary>
/// <typeparam name="T">A value in memory.</typeparam>
/// <typeparam name="TFormat">How it lies there.</typeparam>
/// <typeparam name="TFunction">The activation.</typeparam>
/// <typeparam name="TLanes">The processor's vectors.</typeparam>
internal static unsafe class NormKernel<T, TFormat, TFunction, TLanes>
    where T : unmanaged
    where TFormat : struct, IPixelFormat<T>
    where TFunction : struct, IPointwise
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Sums of x and x² less a value near the mean, which keeps the difference of the two sums exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(in ChannelRows rows, int part, T* x, float* shift, float* sums, float* squares)
    {
        (long first, long last) = (rows.Start(part), rows.Start(part + 1));
        int width = rows.Width;
        for (int block = 0; block < width; block += 4 * TLanes.Width)
        {
            TLanes s0 = TLanes.Of(0), s1 = s0, s2 = s0, s3 = s0, q0 = s0, q1 = s0, q2 = s0, q3 = s0;
            TLanes k0 = TLanes.Load(shift + block), k1 = TLanes.Load(shift + block + TLanes.Width);
            TLanes k2 = TLanes.Load(shift + block + (2 * TLanes.Width)), k3 = TLanes.Load(shift + block + (3 * TLanes.Width));
            for (long row = first; row < last; row++)
            {
                T* at = x + (row * width) + block;
                TLanes v0 = TFormat.Load<TLanes>(at) - k0, v1 = TFormat.Load<TLanes>(at + TLanes.Width) - k1;
                TLanes v2 = TFormat.Load<TLanes>(at + (2 * TLanes.Width)) - k2, v3 = TFormat.Load<TLanes>(at + (3 * TLanes.Width)) - k3;
                s0 += v0;
                s1 += v1;
                s2 += v2;
                s3 += v3;
                q0 = TLanes.MulAdd(v0, v0, q0);
                q1 = TLanes.MulAdd(v1, v1, q1);
                q2 = TLanes.MulAdd(v2, v2, q2);
                q3 = TLanes.MulAdd(v3, v3, q3);
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
            for (int i = 0; i < width; i += TLanes.Width)
            {
                TFormat.Store(to + i, TFunction.Value(
                    TLanes.MulAdd(TFormat.Load<TLanes>(from + i), TLanes.Load(scale + i), TLanes.Load(offset + i))));
            }
        }
        if (part != rows.Parts - 1) return;
        long rest = rows.Rows * width;
        for (int i = 0; i < rows.Rest; i++)
            y[rest + i] = TFormat.Put(TFunction.Value(TLanes.Of((TFormat.Get(x[rest + i]) * scale[i]) + offset[i])).First());
    }

    /// <summary>Writes d, the gradient before the activation; gives the sums of d and of d · (x - mean).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardSum(
        in ChannelRows rows, int part, T* x, PixelMap gradient, T* result, float* scale, float* offset, float* mean, float* sums,
        float* products)
    {
        (long first, long last) = (rows.Start(part), rows.Start(part + 1));
        (int width, long step) = (rows.Width, rows.PixelsInRow * gradient.Stride);
        for (int block = 0; block < width; block += 2 * TLanes.Width)
        {
            TLanes s0 = TLanes.Of(0), s1 = s0, p0 = s0, p1 = s0;
            TLanes a0 = TLanes.Load(scale + block), a1 = TLanes.Load(scale + block + TLanes.Width);
            TLanes b0 = TLanes.Load(offset + block), b1 = TLanes.Load(offset + block + TLanes.Width);
            TLanes m0 = TLanes.Load(mean + block), m1 = TLanes.Load(mean + block + TLanes.Width);
            T* g0 = (T*)gradient.First + rows.Offset(block, gradient.Stride),
                g1 = (T*)gradient.First + rows.Offset(block + TLanes.Width, gradient.Stride);
            for (long row = first; row < last; row++)
            {
                long at = (row * width) + block;
                TLanes x0 = TFormat.Load<TLanes>(x + at), x1 = TFormat.Load<TLanes>(x + at + TLanes.Width);
                TLanes d0 = TFormat.Load<TLanes>(g0 + (row * step)) * TFunction.Slope(TLanes.MulAdd(x0, a0, b0));
                TLanes d1 = TFormat.Load<TLanes>(g1 + (row * step)) * TFunction.Slope(TLanes.MulAdd(x1, a1, b1));
                TFormat.Store(result + at, d0);
                TFormat.Store(result + at + TLanes.Width, d1);
                s0 += d0;
                s1 += d1;
                p0 = TLanes.MulAdd(d0, x0 - m0, p0);
                p1 = TLanes.MulAdd(d1, x1 - m1, p1);
            }
            s0.Store(sums + block);
            s1.Store(sums + block + TLanes.Width);
            p0.Store(products + block);
            p1.Store(products + block + TLanes.Width);
        }
        if (part != rows.Parts - 1) return;
        long rest = rows.Rows * width;
        for (int i = 0; i < rows.Rest; i++)
        {
            float value = TFormat.Get(x[rest + i]);
            float slope = TFunction.Slope(TLanes.Of((value * scale[i]) + offset[i])).First();
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
            for (int i = 0; i < width; i += TLanes.Width)
            {
                TLanes shift = TLanes.MulAdd(TFormat.Load<TLanes>(from + i), TLanes.Load(slope + i), TLanes.Load(constant + i));
                TFormat.Store(to + i, TLanes.MulAdd(TFormat.Load<TLanes>(to + i), TLanes.Load(scale + i), shift));
            }
        }
        if (part != rows.Parts - 1) return;
        long rest = rows.Rows * width;
        for (int i = 0; i < rows.Rest; i++)
            result[rest + i] =
                TFormat.Put((TFormat.Get(result[rest + i]) * scale[i]) + (TFormat.Get(x[rest + i]) * slope[i]) + constant[i]);
    }

    private static void Put(float* to, TLanes v0, TLanes v1, TLanes v2, TLanes v3)
    {
        v0.Store(to);
        v1.Store(to + TLanes.Width);
        v2.Store(to + (2 * TLanes.Width));
        v3.Store(to + (3 * TLanes.Width));
    }
}
