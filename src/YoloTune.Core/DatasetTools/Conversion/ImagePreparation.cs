using YoloTune.Data.Labels;
using YoloTune.Images;


namespace YoloTune.DatasetTools.Conversion;

/// <summary>Turns the annotated boxes of one image into those of a label file.</summary>
internal sealed class ImagePreparation(Func<string, bool> wantsClass)
{
    // Sides are whole pixels, so that the other side of an image scaled from it is off by up to half of one.
    private const double ShapeTolerance = 0.01;

    /// <summary>Boxes cut at the image's edge.</summary>
    public int Clipped { get; private set; }

    /// <summary>Images annotated at another size.</summary>
    public int Rescaled { get; private set; }

    /// <summary>What was left out.</summary>
    public List<SkippedItem> Skipped { get; } = [];

    /// <summary>The image with its boxes, or null when it has to be left out.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="info">Its size and format.</param>
    /// <param name="annotations">Every annotation that names this file.</param>
    public PreparedImage? Prepare(string path, ImageInfo info, IReadOnlyList<AnnotatedImage> annotations)
    {
        List<(string Class, LabelBox Box)> boxes = [];
        HashSet<(string, LabelBox)> seen = [];
        foreach (AnnotatedImage image in annotations)
        {
            (double width, double height) =
                (image.Width is > 0 and double w ? w : info.Width, image.Height is > 0 and double h ? h : info.Height);
            if (Math.Abs(width / height / ((double)info.Width / info.Height) - 1) > ShapeTolerance)
            {
                string sizes = FormattableString.Invariant($"{info.Width} x {info.Height} pixels, and was annotated as {width} x {height}.");
                // Boxes on the stored picture would have to be turned with it, and only a person can tell that they are.
                bool turned = width == info.Height && height == info.Width;
                string hint = turned
                    ? " The sides are swapped; where the EXIF orientation turns the image, save it upright or annotate it as it is shown."
                    : "";
                Skipped.Add(new(SkipReason.SizeMismatch, image.File, image.Line, $"'{path}' has {sizes}{hint}"));
                return null;
            }
            if (width != info.Width || height != info.Height) Rescaled++;
            foreach (AnnotatedBox box in image.Boxes)
            {
                if (Convert(box, width, height, image) is not { } converted) continue;
                if (seen.Add((box.Class, converted))) boxes.Add((box.Class, converted));
                else Skip(SkipReason.RepeatedBox, box, image);
            }
        }
        return new PreparedImage(path, info.Format, boxes);
    }

    private LabelBox? Convert(AnnotatedBox box, double width, double height, AnnotatedImage image)
    {
        if (!wantsClass(box.Class)) return Skip(SkipReason.UnwantedClass, box, image);
        if (!box.IsFinite) return Skip(SkipReason.BadBox, box, image);
        (double left, double right) = (Math.Clamp(box.Left, 0, width), Math.Clamp(box.Right, 0, width));
        (double top, double bottom) = (Math.Clamp(box.Top, 0, height), Math.Clamp(box.Bottom, 0, height));
        LabelBox converted = new(
            (float)((left + right) / 2 / width), (float)((top + bottom) / 2 / height), (float)((right - left) / width),
            (float)((bottom - top) / height));
        if (right <= left || bottom <= top || converted.Width <= 0 || converted.Height <= 0) return Skip(SkipReason.EmptyBox, box, image);
        if (left != box.Left || right != box.Right || top != box.Top || bottom != box.Bottom) Clipped++;
        return converted;
    }

    private LabelBox? Skip(SkipReason reason, AnnotatedBox box, AnnotatedImage image)
    {
        Skipped.Add(new(reason, image.File, box.Line ?? image.Line, box.ToString()));
        return null;
    }
}
