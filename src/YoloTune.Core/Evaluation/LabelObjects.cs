using YoloTune.Data;
using YoloTune.Data.Labels;

namespace YoloTune.Evaluation;

/// <summary>The labels of an image as objects in its pixels.</summary>
internal static class LabelObjects
{
    /// <summary>The labels of an image, in the order of its file.</summary>
    /// <param name="image">The image.</param>
    /// <param name="names">A name for every class.</param>
    /// <param name="rows">What the rows of the label files hold.</param>
    /// <param name="whole">Whether images have a class as a whole.</param>
    public static ImageObject[] Of(DatasetImage image, IReadOnlyList<string> names, LabelRowKind rows, bool whole)
    {
        ImageObject[] objects = new ImageObject[image.Labels.Count];
        for (int i = 0; i < objects.Length; i++) objects[i] = Object(image, i, names, rows, whole);
        return objects;
    }

    private static ImageObject Object(DatasetImage image, int index, IReadOnlyList<string> names, LabelRowKind rows, bool whole)
    {
        int id = (int)image.Labels.Classes[index];
        string name = id >= 0 && id < names.Count ? names[id] : FormattableString.Invariant($"class {id}");
        if (whole) return new(id, name, 0, 0, image.Width, image.Height) { IsWhole = true };
        LabelBox box = image.Labels.Boxes[index];
        ImageObject found = new(
            id, name, (box.X - (box.Width / 2)) * image.Width, (box.Y - (box.Height / 2)) * image.Height,
            (box.X + (box.Width / 2)) * image.Width, (box.Y + (box.Height / 2)) * image.Height)
        {
            Points = image.Labels.Keypoints?[index] is { } points ? Scaled(points, KeypointShape.Values, image) : null,
        };
        if (image.Labels.Polygons?[index] is not { } outline || rows == LabelRowKind.Boxes) return found;
        float[] scaled = Scaled(outline, 2, image);
        return rows == LabelRowKind.Corners
            ? Oriented(found, OrientedBox.Around(scaled))
            : found with { Outline = scaled, IsMask = true };
    }

    /// <summary>An object with an oriented box and the upright one around it.</summary>
    public static ImageObject Oriented(ImageObject item, OrientedBox box)
    {
        float[] corners = box.Corners();
        (float[] x, float[] y) = ([corners[0], corners[2], corners[4], corners[6]], [corners[1], corners[3], corners[5], corners[7]]);
        return item with { X1 = x.Min(), Y1 = y.Min(), X2 = x.Max(), Y2 = y.Max(), Outline = corners };
    }

    private static float[] Scaled(float[] values, int stride, DatasetImage image)
    {
        float[] scaled = (float[])values.Clone();
        for (int i = 0; i + 1 < scaled.Length; i += stride) (scaled[i], scaled[i + 1]) = (scaled[i] * image.Width,
            scaled[i + 1] * image.Height);
        return scaled;
    }
}
