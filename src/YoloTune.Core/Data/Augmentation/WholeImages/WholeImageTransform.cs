using System.Runtime.InteropServices;
using YoloTune.Images;

namespace YoloTune.Data.Augmentation.WholeImages;

/// <summary>Makes a training image of an image and what was drawn for it; nothing here is random.</summary>
internal static class WholeImageTransform
{
    private const uint Black = 0xFF000000u;

    /// <summary>The training image, a square; the caller disposes it.</summary>
    /// <param name="image">The image as its file has it.</param>
    /// <param name="draw">What was drawn.</param>
    /// <param name="size">The side of the square.</param>
    public static ImageBuffer Apply(ImageBuffer image, WholeImageDraw draw, int size)
    {
        ImageBuffer result = SmoothResizer.Resize(image, draw.Crop, size, size);
        if (draw.Mirror) Mirror(result);
        if (draw.UpsideDown) TurnOver(result);
        foreach (OperationDraw operation in draw.Operations) result = Replaced(result, Apply(result, operation));
        if (draw.Mix is { } mix) result = Replaced(result, Mixed(result, mix));
        foreach ((JitterStep step, double factor) in draw.Jitter?.Steps ?? []) Jitter(result, step, factor);
        if (draw.Erase is { } area)
        {
            area.CheckInside(result);
            for (int y = area.Top; y < area.Top + area.Height; y++) result.Row(y).Slice(area.Left, area.Width).Fill(Black);
        }
        return result;
    }

    /// <summary>An operation: a new image, or the same one changed in place.</summary>
    internal static ImageBuffer Apply(ImageBuffer image, OperationDraw draw)
    {
        float magnitude = draw.Magnitude;
        switch (draw.Operation)
        {
            case ImageOperation.ShearX: return PlaneWarp.ShearX(image, magnitude);
            case ImageOperation.ShearY: return PlaneWarp.ShearY(image, magnitude);
            case ImageOperation.TranslateX: return PlaneWarp.Translate(image, (int)magnitude, 0);
            case ImageOperation.TranslateY: return PlaneWarp.Translate(image, 0, (int)magnitude);
            case ImageOperation.Rotate: return PlaneWarp.Rotate(image, magnitude);
            case ImageOperation.Brightness: ColourOperations.Brightness(image, Factor(magnitude)); break;
            case ImageOperation.Color: ColourOperations.Saturation(image, Factor(magnitude)); break;
            case ImageOperation.Contrast: ColourOperations.Contrast(image, Factor(magnitude)); break;
            case ImageOperation.Sharpness: ColourOperations.Sharpness(image, Factor(magnitude)); break;
            case ImageOperation.Posterize: ColourOperations.Posterize(image, (int)magnitude); break;
            case ImageOperation.Solarize: ColourOperations.Solarize(image, magnitude); break;
            case ImageOperation.AutoContrast: ColourOperations.AutoContrast(image); break;
            case ImageOperation.Equalize: ColourOperations.Equalize(image); break;
            case ImageOperation.Invert: ColourOperations.Invert(image); break;
            default: break;
        }
        return image;
    }

    /// <summary>A step of a colour jitter, in place.</summary>
    internal static void Jitter(ImageBuffer image, JitterStep step, double factor)
    {
        switch (step)
        {
            case JitterStep.Brightness: ColourOperations.Brightness(image, (float)factor); break;
            case JitterStep.Contrast: ColourOperations.Contrast(image, (float)factor); break;
            case JitterStep.Saturation: ColourOperations.Saturation(image, (float)factor); break;
            default: HueShift.Apply(image, factor); break;
        }
    }

    /// <summary>Left and right change places.</summary>
    internal static void Mirror(ImageBuffer image)
    {
        for (int y = 0; y < image.Height; y++) image.Row(y).Reverse();
    }

    /// <summary>Top and bottom change places.</summary>
    internal static void TurnOver(ImageBuffer image)
    {
        uint[] kept = new uint[image.Width];
        for (int y = 0; y < image.Height / 2; y++)
        {
            Span<uint> upper = image.Row(y), lower = image.Row(image.Height - 1 - y);
            upper.CopyTo(kept);
            lower.CopyTo(upper);
            kept.CopyTo(lower);
        }
    }

    private static float Factor(float magnitude) => (float)(1.0 + magnitude);

    private static ImageBuffer Mixed(ImageBuffer image, MixDraw mix)
    {
        Span<byte> own = image.Bytes;
        float[] sum = new float[own.Length];
        for (int i = 0; i < sum.Length; i++) sum[i] = mix.Own * own[i];
        foreach ((float weight, IReadOnlyList<OperationDraw> operations) in mix.Chains)
        {
            ImageBuffer chained = image.Clone();
            foreach (OperationDraw operation in operations) chained = Replaced(chained, Apply(chained, operation));
            ReadOnlySpan<byte> levels = chained.Bytes;
            for (int i = 0; i < sum.Length; i++) sum[i] += weight * levels[i];
            chained.Dispose();
        }
        ImageBuffer result = ImageBuffer.Rent(image.Height, image.Width);
        Span<byte> mixed = result.Bytes;
        for (int i = 0; i < sum.Length; i++) mixed[i] = (byte)Math.Clamp(sum[i], 0, 255);
        foreach (ref uint pixel in MemoryMarshal.Cast<byte, uint>(mixed)) pixel |= Black;
        return result;
    }

    private static ImageBuffer Replaced(ImageBuffer before, ImageBuffer after)
    {
        if (!ReferenceEquals(before, after)) before.Dispose();
        return after;
    }
}
