using TorchSharp;
using YoloTune.Basics;

namespace YoloTune.Data.Augmentation;

/// <summary>Another size for each batch (<c>multi_scale</c>).</summary>
internal static class MultiScale
{
    /// <summary>The range that the size in pixels is drawn from, before it is rounded down to a multiple of the stride.</summary>
    public static (int From, int Below) Range(int imageSize, double share, int stride = 32)
        => ((int)(imageSize * (1 - share)), (int)(imageSize * (1 + share) + stride));

    /// <summary>All sizes that can come up.</summary>
    public static IReadOnlyList<int> Sizes(int imageSize, double share, int stride = 32)
    {
        (int from, int below) = Range(imageSize, share, stride);
        return [.. Enumerable.Range(from, below - from).Select(size => size / stride * stride).Distinct()];
    }

    /// <summary>Draws a size.</summary>
    public static int Draw(RandomStream stream, int imageSize, double share, int stride = 32)
    {
        (int from, int below) = Range(imageSize, share, stride);
        return Math.Max(stride, stream.Next(from, below) / stride * stride);
    }

    /// <summary>The shape of a batch whose longer side becomes about <paramref name="size"/>.</summary>
    public static (int Height, int Width) Shape(int height, int width, int size, int stride = 32)
    {
        double factor = size / (double)Math.Max(height, width);
        if (factor == 1) return (height, width);
        return ((int)Math.Ceiling(height * factor / stride) * stride, (int)Math.Ceiling(width * factor / stride) * stride);
    }

    /// <summary>A float batch [N, 3, H, W] at another size: a new tensor, or the same one when the size is right.</summary>
    public static torch.Tensor Resize(torch.Tensor images, int size, int stride = 32)
    {
        (int height, int width) = Shape((int)images.shape[2], (int)images.shape[3], size, stride);
        if (height == images.shape[2] && width == images.shape[3]) return images;
        return torch.nn.functional.interpolate(
            images, size: [height, width], mode: torch.InterpolationMode.Bilinear, align_corners: false);
    }
}
