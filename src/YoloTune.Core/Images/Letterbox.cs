namespace YoloTune.Images;

/// <summary>Fitting an image into a frame without changing its aspect: scale, then pad with grey 114.</summary>
internal static class Letterbox
{
    /// <summary>Computes scale and padding.</summary>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="targetHeight">Rows of the frame.</param>
    /// <param name="targetWidth">Columns of the frame.</param>
    /// <param name="auto">Pad only up to the next multiple of <paramref name="stride"/>, so that the result may be smaller.</param>
    /// <param name="scaleUp">Whether a small image is enlarged.</param>
    /// <param name="center">Padding on both sides; otherwise at the right and at the bottom only.</param>
    /// <param name="stride">The network's largest stride.</param>
    public static LetterboxGeometry Fit(
        int height, int width, int targetHeight, int targetWidth, bool auto = false, bool scaleUp = true, bool center = true,
        int stride = 32)
    {
        double ratio = Math.Min(targetHeight / (double)height, targetWidth / (double)width);
        if (!scaleUp) ratio = Math.Min(ratio, 1);
        int resizedWidth = Math.Max(1, (int)Math.Round(width * ratio));
        int resizedHeight = Math.Max(1, (int)Math.Round(height * ratio));
        double dw = targetWidth - resizedWidth, dh = targetHeight - resizedHeight;
        if (auto) (dw, dh) = (dw % stride, dh % stride);
        if (center) (dw, dh) = (dw / 2, dh / 2);
        // The tenth sends an odd pixel to the right and to the bottom, whatever the rounding of halves.
        return new LetterboxGeometry(
            ratio, resizedHeight, resizedWidth,
            center ? (int)Math.Round(dw - 0.1) : 0, center ? (int)Math.Round(dh - 0.1) : 0,
            (int)Math.Round(dw + 0.1), (int)Math.Round(dh + 0.1));
    }

    /// <summary>The padded image; the caller disposes it.</summary>
    public static ImageBuffer Apply(ImageBuffer image, LetterboxGeometry geometry)
    {
        ImageBuffer framed = ImageBuffer.Rent(geometry.Height, geometry.Width);
        if (geometry.Height != geometry.ResizedHeight || geometry.Width != geometry.ResizedWidth) framed.Fill();
        using ImageBuffer resized = Resizer.Resize(image, geometry.ResizedHeight, geometry.ResizedWidth);
        resized.CopyTo(framed, geometry.Left, geometry.Top);
        return framed;
    }

    /// <summary>
    /// Maps boxes x1, y1, x2, y2 of a letterboxed frame back to the original image, in place, and clips them to it. Gain and padding
    /// are computed from the two sizes, as prediction does.
    /// </summary>
    public static void ToOriginal(Span<float> boxes, int frameHeight, int frameWidth, int height, int width)
    {
        (double gain, double padX, double padY) = Placement(frameHeight, frameWidth, height, width);
        ToOriginal(boxes, gain, Math.Round(padX - 0.1), Math.Round(padY - 0.1), height, width);
    }

    /// <summary>
    /// How an image lies in a frame: network pixels per original pixel, and the columns and rows of padding at the left and at the top,
    /// which can end in a half; boxes take them rounded down, keypoints as they are, as the models were measured with.
    /// </summary>
    public static (double Gain, double PadX, double PadY) Placement(int frameHeight, int frameWidth, int height, int width)
    {
        double gain = Math.Min(frameHeight / (double)height, frameWidth / (double)width);
        return (gain, (frameWidth - Math.Round(width * gain)) / 2, (frameHeight - Math.Round(height * gain)) / 2);
    }

    /// <summary>Maps boxes x1, y1, x2, y2 of a frame back to the original image, in place, with known gain and padding.</summary>
    public static void ToOriginal(Span<float> boxes, double gain, double padX, double padY, int height, int width)
    {
        for (int i = 0; i + 3 < boxes.Length; i += 4)
        {
            boxes[i] = Math.Clamp((float)((boxes[i] - padX) / gain), 0, width);
            boxes[i + 1] = Math.Clamp((float)((boxes[i + 1] - padY) / gain), 0, height);
            boxes[i + 2] = Math.Clamp((float)((boxes[i + 2] - padX) / gain), 0, width);
            boxes[i + 3] = Math.Clamp((float)((boxes[i + 3] - padY) / gain), 0, height);
        }
    }
}
