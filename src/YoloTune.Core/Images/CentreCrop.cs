namespace YoloTune.Images;

/// <summary>
/// The square in the middle of an image that a network looks at when it classifies the image as a whole: the shorter side is resized to the
/// square's, and what exceeds on the longer side is cut off on both ends.
/// </summary>
internal static class CentreCrop
{
    /// <summary>Height and width of the image before the cut.</summary>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="size">The side of the square.</param>
    public static (int Height, int Width) ResizedSize(int height, int width, int size)
    {
        if (height == width) return (size, size);
        return height < width
            ? (size, (int)(size * (double)width / height))
            : ((int)(size * (double)height / width), size);
    }

    /// <summary>The square; the caller disposes it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="size">The side of the square.</param>
    public static ImageBuffer Apply(ImageBuffer image, int size) => Apply(image, size, size);

    /// <summary>The frame: of a square the middle of the image, otherwise the whole image, stretched. The caller disposes it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="height">Rows of the frame.</param>
    /// <param name="width">Columns of the frame.</param>
    public static ImageBuffer Apply(ImageBuffer image, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (height != width) return SmoothResizer.Resize(image, height, width);
        (int rows, int columns) = ResizedSize(image.Height, image.Width, height);
        if (rows == height && columns == width) return SmoothResizer.Resize(image, height, width);
        using ImageBuffer resized = SmoothResizer.Resize(image, rows, columns);
        int top = (int)Math.Round((rows - height) / 2.0), left = (int)Math.Round((columns - width) / 2.0);
        ImageBuffer square = ImageBuffer.Rent(height, width);
        for (int y = 0; y < height; y++) resized.Row(top + y).Slice(left, width).CopyTo(square.Row(y));
        return square;
    }
}
