using SkiaSharp;

namespace YoloTune.Images;

/// <summary>The eight ways a camera may have been held, as EXIF tells them.</summary>
internal static class Orientation
{
    /// <summary>A new image turned and mirrored so that it stands upright.</summary>
    public static ImageBuffer Apply(ImageBuffer stored, SKEncodedOrigin origin)
    {
        bool swapped = origin >= SKEncodedOrigin.LeftTop;
        ImageBuffer upright = swapped
            ? ImageBuffer.Rent(stored.Width, stored.Height)
            : ImageBuffer.Rent(stored.Height, stored.Width);
        (int lastX, int lastY) = (stored.Width - 1, stored.Height - 1);
        Span<uint> source = stored.Pixels;
        for (int y = 0; y < upright.Height; y++)
        {
            // The stored position of the row's first pixel, and the step to the pixel right of it.
            (int x0, int y0, int stepX, int stepY) = origin switch
            {
                SKEncodedOrigin.TopRight => (lastX, y, -1, 0),
                SKEncodedOrigin.BottomRight => (lastX, lastY - y, -1, 0),
                SKEncodedOrigin.BottomLeft => (0, lastY - y, 1, 0),
                SKEncodedOrigin.LeftTop => (y, 0, 0, 1),
                SKEncodedOrigin.RightTop => (y, lastY, 0, -1),
                SKEncodedOrigin.RightBottom => (lastX - y, lastY, 0, -1),
                SKEncodedOrigin.LeftBottom => (lastX - y, 0, 0, 1),
                _ => (0, y, 1, 0),
            };
            Span<uint> row = upright.Row(y);
            int position = y0 * stored.Width + x0, step = stepY * stored.Width + stepX;
            for (int x = 0; x < row.Length; x++, position += step) row[x] = source[position];
        }
        return upright;
    }
}
