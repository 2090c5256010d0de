using YoloTune.Data.Labels;
using YoloTune.Images;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>Turns the annotated boxes of one image into those of a label file.</summary>
/// <param name="wantsClass">Whether boxes of a class are taken.</param>
/// <param name="isSelection">Whether the user has chosen classes; objects of others are then background.</param>
/// <param name="keepsOutside">Whether outlines may leave the image: corners of an oriented box do, outlines end at its edge.</param>
internal sealed class ImagePreparation(Func<string, bool> wantsClass, bool isSelection, bool keepsOutside = false)
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
        List<PreparedBox> boxes = [];
        HashSet<(string, LabelBox, string)> seen = [];
        List<SkipReason> unusable = [];
        foreach (AnnotatedImage image in annotations)
        {
            (double width, double height) =
                (image.Width is > 0 and double w ? w : info.Width, image.Height is > 0 and double h ? h : info.Height);
            if (Math.Abs(width / height / ((double)info.Width / info.Height) - 1) > ShapeTolerance)
            {
                string sizes =
                    FormattableString.Invariant($"{info.Width} x {info.Height} pixels, and was annotated as {width} x {height}.");
                // Boxes on the stored picture would have to be turned with it, and only a person can tell that they are.
                bool turned = width == info.Height && height == info.Width;
                string hint = turned
                    ? " The sides are swapped; where the EXIF orientation turns the image, save it upright or annotate it as it is shown."
                    : "";
                Skipped.Add(new(SkipReason.SizeMismatch, image.File, image.Line, $"'{path}' has {sizes}{hint}"));
                return null;
            }
            if (width != info.Width || height != info.Height) Rescaled++;
            unusable.AddRange(image.Unusable.Where(item => !isSelection || item.Class is null || wantsClass(item.Class))
                .Select(item => item.Reason));
            foreach (AnnotatedBox box in image.Boxes)
            {
                if (Convert(box, width, height, image) is not { } converted)
                {
                    // An object of another class is background for the classes that are wanted; one that cannot be used is not.
                    if (Skipped[^1].Reason is not SkipReason.UnwantedClass) unusable.Add(Skipped[^1].Reason);
                    continue;
                }
                float[]? outline = Outline(box, width, height), keypoints = Points(box, width, height);
                // Two objects may have one box; with outlines these tell them apart.
                string key = string.Join(' ', (outline ?? []).Concat(keypoints ?? []).Select(BitConverter.SingleToInt32Bits));
                if (seen.Add((box.Class, converted, key))) boxes.Add(new(box.Class, converted, outline, keypoints));
                else Skip(SkipReason.RepeatedBox, box, image);
            }
        }
        if (annotations.Count > 0 && annotations.All(image => image.IsUnreadable)) return null;
        if (boxes.Count > 0 || unusable.Count == 0) return new PreparedImage(path, info.Format, boxes);
        string reasons = string.Join(
            ", ", unusable.GroupBy(reason => reason).Select(group => FormattableString.Invariant($"{group.Count()} {group.Key}")));
        Skipped.Add(new(SkipReason.NothingUsable, annotations[0].File, annotations[0].Line,
            $"'{path}' is left out, for none of its annotations can be used ({reasons})."));
        return null;
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

    private float[]? Outline(AnnotatedBox box, double width, double height) => box.Polygon is not { } polygon ? null
        : [.. polygon.Select((value, i) => Share(value, i % 2 == 0 ? width : height))];

    private float Share(double value, double side) => (float)((keepsOutside ? value : Math.Clamp(value, 0, side)) / side);

    // A point outside of the image is not labelled on it.
    private static float[]? Points(AnnotatedBox box, double width, double height)
    {
        if (box.Keypoints is not { } points) return null;
        float[] prepared = new float[points.Length];
        for (int i = 0; i + 2 < points.Length; i += KeypointShape.Values)
        {
            (double x, double y) = (points[i] / width, points[i + 1] / height);
            if (points[i + 2] == 0 || !(x >= 0 && x <= 1 && y >= 0 && y <= 1)) continue;
            (prepared[i], prepared[i + 1], prepared[i + 2]) = ((float)x, (float)y, points[i + 2] == 1 ? 1 : 2);
        }
        return prepared;
    }

    private LabelBox? Skip(SkipReason reason, AnnotatedBox box, AnnotatedImage image)
    {
        Skipped.Add(new(reason, image.File, box.Line ?? image.Line, box.ToString()));
        return null;
    }
}
