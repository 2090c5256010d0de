using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace YoloTune.Kernels;

/// <summary>
/// The values of a tensor one after the other as they lie in the processor's memory, whatever the order of its dimensions.
/// </summary>
/// <param name="First">The address of the first value, valid as long as the tensor.</param>
/// <param name="Count">Number of values.</param>
internal readonly record struct DenseMemory(nint First, long Count)
{
    /// <summary>The memory of a float32 tensor on the processor without gaps; null for any other.</summary>
    public static unsafe DenseMemory? Of(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU || tensor.dtype != torch.ScalarType.Float32) return null;
        long count = tensor.numel();
        if (count == 0 || count > int.MaxValue / sizeof(float) || Extent(tensor) != count) return null;
        using torch.Tensor flat = tensor.as_strided([count], [1], tensor.storage_offset());
        return new((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(flat.bytes)), count);
    }

    /// <summary>Whether the values of two tensors of one shape lie in the same order.</summary>
    public static bool SameOrder(torch.Tensor a, torch.Tensor b)
    {
        for (int i = 0; i < a.dim(); i++)
        {
            // A dimension of length 1 may have any stride.
            if (a.size(i) > 1 && a.stride(i) != b.stride(i)) return false;
        }
        return true;
    }

    // All sizes or strides at once cost a hundred times as much as one.
    private static long Extent(torch.Tensor tensor)
    {
        long extent = 1;
        for (int i = 0; i < tensor.dim(); i++) extent += (tensor.size(i) - 1) * tensor.stride(i);
        return extent;
    }
}
