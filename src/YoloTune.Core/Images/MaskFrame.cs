namespace YoloTune.Images;

/// <summary>
/// How a mask in the picture a network looked at lies in the original image: without the padding of the letterbox, enlarged or reduced.
/// </summary>
/// <param name="Rows">Rows of the network's picture.</param>
/// <param name="Columns">Columns of the network's picture.</param>
/// <param name="ImageHeight">Rows of the original.</param>
/// <param name="ImageWidth">Columns of the original.</param>
internal readonly record struct MaskFrame(int Rows, int Columns, int ImageHeight, int ImageWidth)
{
    private const double Slack = 0.1;

    /// <summary>Pixels of the network's picture for one of the original.</summary>
    public double Gain => Math.Min(Rows / (double)ImageHeight, Columns / (double)ImageWidth);

    /// <summary>A point of the network's picture in the original, inside of it.</summary>
    public (float X, float Y) ToImage(int x, int y)
    {
        // Other than boxes, outlines are moved by the padding as it is, not rounded.
        (float padX, float padY) = ((float)PadX, (float)PadY);
        float gain = (float)Gain;
        return (Math.Clamp((x - padX) / gain, 0, ImageWidth), Math.Clamp((y - padY) / gain, 0, ImageHeight));
    }

    /// <summary>The part of the network's picture that shows the image: its first row and column, and how many there are.</summary>
    public (int Top, int Left, int Rows, int Columns) Window
    {
        get
        {
            (int top, int bottom) = Cut(PadY, Rows);
            (int left, int right) = Cut(PadX, Columns);
            return (top, left, bottom - top, right - left);
        }
    }

    /// <summary>A mask in pixels of the original: bilinear, set where more than half is covered.</summary>
    public MaskPatch ToImage(MaskPatch mask)
    {
        if ((Rows, Columns) == (ImageHeight, ImageWidth) || mask.Area == 0) return mask;
        (int top, int left, int rows, int columns) = Window;
        (int firstRow, int lastRow) = Targets(mask.Top - top, mask.Top + mask.Height - top, rows, ImageHeight);
        (int firstColumn, int lastColumn) = Targets(mask.Left - left, mask.Left + mask.Width - left, columns, ImageWidth);
        if (firstRow > lastRow || firstColumn > lastColumn) return MaskPatch.Empty;
        int across = lastColumn - firstColumn + 1, area = 0, at = 0;
        byte[] pixels = new byte[(lastRow - firstRow + 1) * across];
        for (int y = firstRow; y <= lastRow; y++)
        {
            (int one, int two, float down) = Source(y, rows, ImageHeight);
            for (int x = firstColumn; x <= lastColumn; x++, at++)
            {
                (int a, int b, float along) = Source(x, columns, ImageWidth);
                float upper = (1 - along) * mask.At(a + left, one + top) + along * mask.At(b + left, one + top);
                float lower = (1 - along) * mask.At(a + left, two + top) + along * mask.At(b + left, two + top);
                if ((1 - down) * upper + down * lower <= 0.5f) continue;
                pixels[at] = 1;
                area++;
            }
        }
        return area == 0 ? MaskPatch.Empty : new(firstColumn, firstRow, across, lastRow - firstRow + 1, pixels, area);
    }

    private double PadX => (Columns - Math.Round(ImageWidth * Gain)) / 2;

    private double PadY => (Rows - Math.Round(ImageHeight * Gain)) / 2;

    private static (int First, int End) Cut(double pad, int side) => ((int)Math.Round(pad - Slack), side - (int)Math.Round(pad + Slack));

    private static (int First, int Last) Targets(int first, int end, int source, int target)
    {
        double factor = target / (double)source;
        return (Math.Max(0, (int)((first - 1) * factor) - 1), Math.Min(target - 1, (int)((end + 1) * factor) + 1));
    }

    private static (int First, int Second, float Part) Source(int index, int source, int target)
    {
        float position = Math.Max(0, (index + 0.5f) * (source / (float)target) - 0.5f);
        int first = Math.Min((int)position, source - 1);
        return (first, Math.Min(first + 1, source - 1), position - first);
    }
}
