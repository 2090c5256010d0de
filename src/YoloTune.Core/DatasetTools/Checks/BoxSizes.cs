using YoloTune.Data;

namespace YoloTune.DatasetTools.Checks;

/// <summary>How large the boxes of a dataset are.</summary>
/// <remarks>
/// Small, medium and large are COCO's: an area below 32 x 32, below 96 x 96, and above, here of the box, in pixels of the image after it
/// was scaled so that its long side is <see cref="ImageSize"/>.
/// </remarks>
public sealed record BoxSizes
{
    private const double SmallSide = 32, MediumSide = 96;

    /// <summary>Long side of the images in pixels that small, medium and large are told at.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Boxes below 32 x 32 pixels.</summary>
    public required int Small { get; init; }

    /// <summary>Boxes from 32 x 32 to below 96 x 96 pixels.</summary>
    public required int Medium { get; init; }

    /// <summary>Boxes of 96 x 96 pixels and more.</summary>
    public required int Large { get; init; }

    /// <summary>Width divided by the image's width; null when there is no box.</summary>
    public required Quantiles? Width { get; init; }

    /// <summary>Height divided by the image's height; null when there is no box.</summary>
    public required Quantiles? Height { get; init; }

    /// <summary>Width divided by height, both in pixels, of boxes with an area; null when there is none.</summary>
    public required Quantiles? Aspect { get; init; }

    /// <summary>All boxes.</summary>
    public int Total => Small + Medium + Large;

    /// <summary>The sizes of the boxes of images.</summary>
    public static BoxSizes Of(IEnumerable<DatasetImage> images, int imageSize)
    {
        int small = 0, medium = 0, large = 0;
        List<double> widths = [], heights = [], aspects = [];
        foreach (DatasetImage image in images)
        {
            double scale = imageSize / (double)Math.Max(image.Width, image.Height);
            foreach (Data.Labels.LabelBox box in image.Labels.Boxes)
            {
                (double width, double height) = (box.Width * image.Width * scale, box.Height * image.Height * scale);
                if (width * height < SmallSide * SmallSide) small++;
                else if (width * height < MediumSide * MediumSide) medium++;
                else large++;
                widths.Add(box.Width);
                heights.Add(box.Height);
                if (width > 0 && height > 0) aspects.Add(width / height);
            }
        }
        return new()
        {
            ImageSize = imageSize, Small = small, Medium = medium, Large = large,
            Width = Quantiles.Of(widths), Height = Quantiles.Of(heights), Aspect = Quantiles.Of(aspects),
        };
    }

    /// <summary>In one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Small} small, {Medium} medium, {Large} large at {ImageSize} pixels");
}
