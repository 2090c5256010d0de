using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace YoloTune.Images;

/// <summary>Turns images into what a network takes: planes R, G, B of bytes.</summary>
internal static class PlanarRgb
{
    /// <summary>Images of one size as a tensor [N, 3, H, W], uint8, RGB; the caller disposes it.</summary>
    /// <exception cref="ArgumentException">The images differ in size, or there is none.</exception>
    public static torch.Tensor ToTensor(IReadOnlyList<ImageBuffer> images)
    {
        if (images.Count == 0) throw new ArgumentException("There is no image.", nameof(images));
        (int height, int width) = (images[0].Height, images[0].Width);
        if (images.Any(image => image.Height != height || image.Width != width))
            throw new ArgumentException("The images of a batch must have one size.", nameof(images));
        torch.Tensor tensor = torch.empty([images.Count, 3, height, width], torch.ScalarType.Byte);
        Span<byte> bytes = MemoryMarshal.AsBytes(tensor.bytes);
        int size = 3 * height * width;
        for (int i = 0; i < images.Count; i++) Write(images[i], bytes.Slice(i * size, size));
        return tensor;
    }

    /// <summary>Writes the planes R, G, B of an image, 3 x height x width bytes.</summary>
    public static void Write(ImageBuffer image, Span<byte> planes)
    {
        int plane = image.Height * image.Width;
        ArgumentOutOfRangeException.ThrowIfLessThan(planes.Length, 3 * plane);
        for (int y = 0; y < image.Height; y++)
        {
            int start = y * image.Width;
            WriteRow(
                image.Row(y), planes.Slice(2 * plane + start, image.Width), planes.Slice(plane + start, image.Width),
                planes.Slice(start, image.Width));
        }
    }

    /// <summary>Splits a row of pixels into its channels.</summary>
    internal static void WriteRow(ReadOnlySpan<uint> pixels, Span<byte> blue, Span<byte> green, Span<byte> red)
    {
        int x = 0;
        if (Avx2.IsSupported)
        {
            Vector256<byte> gather = Vector256.Create(
                (byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
            Vector256<int> order = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
            for (; x + 8 <= pixels.Length; x += 8)
            {
                Vector256<byte> eight = Vector256.Create(pixels.Slice(x, 8)).AsByte();
                Vector256<ulong> planes = Avx2.PermuteVar8x32(Avx2.Shuffle(eight, gather).AsInt32(), order).AsUInt64();
                Unsafe.WriteUnaligned(ref blue[x], planes[0]);
                Unsafe.WriteUnaligned(ref green[x], planes[1]);
                Unsafe.WriteUnaligned(ref red[x], planes[2]);
            }
        }
        for (; x < pixels.Length; x++)
        {
            uint pixel = pixels[x];
            blue[x] = (byte)pixel;
            green[x] = (byte)(pixel >> 8);
            red[x] = (byte)(pixel >> 16);
        }
    }
}
