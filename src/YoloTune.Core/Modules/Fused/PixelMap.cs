using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace YoloTune.Modules.Fused;

/// <summary>How a channels-last map [N, C, H, W] lies in memory: pixel after pixel, the channels of each side by side.</summary>
/// <param name="First">The address of the first value, valid as long as the tensor.</param>
/// <param name="Stride">Values from a pixel to the next: the channels of a dense map, more where the map is a part of a wider one.</param>
internal readonly record struct PixelMap(nint First, long Stride)
{
    /// <summary>Whether nothing lies between the pixels.</summary>
    public static bool IsDense(torch.Tensor map)
    {
        using torch.Tensor dense = map.permute(0, 2, 3, 1);
        return dense.is_contiguous();
    }

    /// <summary>Whether the map is dense, or some channels of a dense one in whole vectors, as the gradient of a join is.</summary>
    public static bool Fits(torch.Tensor map) => IsDense(map) || (map.shape[1] % Lanes8.Width == 0 && IsPart(map));

    /// <summary>Whether a vector that is read at once stays within the channels of its pixel, or runs on into those of the next.</summary>
    public bool HasWhole<TLanes>(int channels) where TLanes : struct, ILanes<TLanes> => Stride == channels || channels % TLanes.Width == 0;

    /// <summary>The map of a tensor that fits.</summary>
    public static unsafe PixelMap Of(torch.Tensor map)
    {
        (long channels, long stride) = (map.shape[1], IsDense(map) ? map.shape[1] : map.stride(3));
        long extent = (((map.numel() / channels) - 1) * stride) + channels;
        using torch.Tensor flat = map.as_strided([extent], [1], map.storage_offset());
        return new((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(flat.bytes)), stride);
    }

    // A dimension of length 1 may have any stride; such small maps count as no part and are copied.
    private static bool IsPart(torch.Tensor map)
    {
        long[] stride = map.stride(), shape = map.shape;
        return stride[1] == 1 && stride[3] >= shape[1] && stride[2] == shape[3] * stride[3] && stride[0] == shape[2] * stride[2];
    }
}
