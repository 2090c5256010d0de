using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace YoloTune.Kernels;

/// <summary>How a channels-last map [N, C, H, W] lies in memory: pixel after pixel, the channels of each side by side.</summary>
/// <param name="First">The address of the first value, valid as long as the tensor.</param>
/// <param name="Stride">Values from a pixel to the next: the channels of a dense map, more where the map is a part of a wider one.</param>
internal readonly record struct PixelMap(nint First, long Stride)
{
    /// <summary>Whether nothing lies between the pixels.</summary>
    public static bool IsDense(torch.Tensor map) => map.dim() == 4 && HasStride(map, map.size(1));

    /// <summary>Whether the map is dense, or some channels of a dense one in whole vectors, as the gradient of a join is.</summary>
    public static bool Fits(torch.Tensor map) => IsDense(map) || (map.size(1) % Lanes8.Width == 0 && IsPart(map));

    /// <summary>Whether a vector that is read at once stays within the channels of its pixel, or runs on into those of the next.</summary>
    public bool HasWhole<TLanes>(int channels) where TLanes : struct, ILanes<TLanes> => Stride == channels || channels % TLanes.Width == 0;

    /// <summary>The map of a tensor that fits.</summary>
    public static unsafe PixelMap Of(torch.Tensor map)
    {
        (long channels, long stride) = (map.size(1), IsDense(map) ? map.size(1) : map.stride(3));
        long extent = (((map.numel() / channels) - 1) * stride) + channels;
        using torch.Tensor flat = map.as_strided([extent], [1], map.storage_offset());
        return new((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(flat.bytes)), stride);
    }

    // Where a row has one pixel, nothing tells how far the next would be; such small maps count as no part and are copied.
    private static bool IsPart(torch.Tensor map) => map.size(3) > 1 && HasStride(map, map.stride(3));

    // A dimension of length 1 may have any stride. All sizes or strides at once cost a hundred times as much as one.
    private static bool HasStride(torch.Tensor map, long stride)
    {
        long rows = map.size(2), columns = map.size(3);
        return stride >= map.size(1) && Is(1, 1) && Is(3, stride) && Is(2, columns * stride) && Is(0, rows * columns * stride);

        bool Is(int dimension, long expected) => map.size(dimension) == 1 || map.stride(dimension) == expected;
    }
}
