using TorchSharp;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// Splits a batch so that temporaries of dense operations stay small. On a CPU every temporary above a few megabytes is mapped afresh by
/// the allocator, and the page faults cost more than the arithmetic; a GPU keeps its memory and takes the batch whole.
/// </summary>
internal static class ImageChunks
{
    private const long ElementsPerChunk = 1 << 19;

    /// <summary>Start and length of each chunk of the first dimension.</summary>
    internal static IEnumerable<(long Start, long Length)> Of(torch.Tensor tensor)
    {
        long images = tensor.size(0);
        long length = tensor.device.type == DeviceType.CPU
            ? Math.Clamp(ElementsPerChunk * images / Math.Max(tensor.numel(), 1), 1, Math.Max(images, 1))
            : images;
        for (long start = 0; start < images; start += length) yield return (start, Math.Min(length, images - start));
    }
}
