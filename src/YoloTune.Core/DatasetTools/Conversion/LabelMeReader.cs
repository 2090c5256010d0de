using System.Text.Json;
using YoloTune.Basics;
using YoloTune.Data.Labels;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>
/// Reads LabelMe: one JSON file an image, with shapes of points in pixels. The box of a rectangle, polygon or mask encloses its points,
/// that of a circle (centre, point on the rim) the circle; lines enclose nothing. Points are keypoints where these are wanted: of the shape
/// with their group_id, or of the only one on the image; a point's label is its name. An image that lies in the file itself is used
/// where its path leads nowhere. A file that cannot be read is left out with its image.
/// </summary>
internal static class LabelMeReader
{
    /// <summary>Reads a file, or all files of a folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="rows">Whether outlines or keypoints are read besides boxes.</param>
    /// <param name="cancellation">Stops between two files.</param>
    public static AnnotationSet Read(string path, LabelRowKind rows, CancellationToken cancellation)
    {
        LabelMePoints? points = rows == LabelRowKind.Keypoints ? new() : null;
        bool outlines = rows is LabelRowKind.Polygons or LabelRowKind.Corners;
        List<AnnotatedImage> images = [];
        List<SkippedItem> skipped = [];
        foreach (string file in AnnotationFiles.In(path, ".json"))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (ReadImage(file, outlines, points, skipped) is { } image) images.Add(image);
                else skipped.Add(new(SkipReason.NotAnAnnotation, file, null, "the file has no list 'shapes'."));
            }
            catch (DatasetException error)
            {
                skipped.Add(SkippedItem.Of(error, file));
                string stem = Path.GetFileNameWithoutExtension(file);
                images.Add(new() { File = file, Names = [stem], Folders = [Path.GetDirectoryName(file)!], IsUnreadable = true });
            }
        }
        AnnotationSet set = AnnotationSet.Alphabetical(AnnotationFormat.LabelMe, images, skipped);
        return points is null ? set : points.Complete(set);
    }

    private static AnnotatedImage? ReadImage(string file, bool outlines, LabelMePoints? points, List<SkippedItem> skipped)
    {
        string? imagePath = null;
        double? width = null, height = null;
        bool hasShapes = false, hasData = false;
        List<AnnotatedBox> boxes = [];
        List<(SkipReason, string?)> unusable = [];
        // What is left out of a file that turns out to be damaged is reported with the file.
        List<SkippedItem> left = [];
        JsonFile.Read(
            file,
            name =>
            {
                hasShapes |= name == "shapes";
                return name switch
                {
                    "shapes" => JsonPart.Items,
                    "imagePath" or "imageWidth" or "imageHeight" or "imageData" => JsonPart.Value,
                    _ => JsonPart.Skip,
                };
            },
            (name, value, line) =>
            {
                if (name == "shapes" && points?.Take(file, value, boxes.Count) == true) return;
                if (name == "shapes") AddShape(boxes, value, line, outlines, Skip);
                else if (name == "imagePath") imagePath = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
                else if (name == "imageWidth") width = JsonFile.Number(value);
                else if (name == "imageHeight") height = JsonFile.Number(value);
                else hasData = value.ValueKind == JsonValueKind.String && value.ValueEquals("") is false;
            });
        if (!hasShapes) return null;
        string stem = Path.GetFileNameWithoutExtension(file);
        AnnotatedImage image = new()
        {
            File = file, Names = imagePath is { Length: > 0 } ? [imagePath, stem] : [stem], Folders = [Path.GetDirectoryName(file)!],
            Width = width, Height = height, Embedded = hasData ? () => ReadData(file) : null,
        };
        image.Boxes.AddRange(boxes);
        points?.EndOf(file, image);
        image.Unusable.AddRange(unusable);
        skipped.AddRange(left);
        return image;

        void Skip(SkipReason reason, string? label, int line, string detail)
        {
            left.Add(new(reason, file, line, detail));
            unusable.Add((reason, label));
        }
    }

    private static void AddShape(
        List<AnnotatedBox> boxes, JsonElement shape, int line, bool outlines, Action<SkipReason, string?, int, string> skip)
    {
        string label = (JsonFile.Name(shape, "label") ?? "").Trim();
        if (label.Length == 0)
        {
            skip(SkipReason.NoClassName, null, line, "the shape has no label.");
            return;
        }
        string type = (JsonFile.Text(shape, "shape_type") ?? "polygon").ToLowerInvariant();
        if (type is not ("rectangle" or "polygon" or "circle" or "mask" or "rotation" or "oriented_rectangle"))
        {
            skip(SkipReason.ShapeWithoutArea, label, line, $"'{label}' is a {type}.");
            return;
        }
        (double X, double Y)[] points = JsonFile.Get(shape, "points") is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(Point)] : [];
        int needed = type is "polygon" or "rotation" or "oriented_rectangle" ? 3 : 2;
        if (points.Length < needed)
        {
            skip(SkipReason.BadBox, label, line, FormattableString.Invariant($"'{label}' is a {type} of {points.Length} points."));
            return;
        }
        if (type == "circle")
        {
            ((double x, double y), (double rimX, double rimY)) = (points[0], points[1]);
            double radius = Math.Sqrt((rimX - x) * (rimX - x) + (rimY - y) * (rimY - y));
            points = [(x - radius, y - radius), (x + radius, y + radius)];
        }
        // Min and Max hand a NaN on, so that a bad point is found later.
        boxes.Add(new(
            label, points.Min(point => point.X), points.Min(point => point.Y), points.Max(point => point.X), points.Max(point => point.Y),
            line, $"{label} ({type})")
        {
            Polygon = outlines && points.All(point => double.IsFinite(point.X) && double.IsFinite(point.Y))
                ? LabelMeOutline.Of(type, points, shape) : null,
        });
        if (points.Any(point => double.IsNaN(point.X) || double.IsNaN(point.Y))) boxes[^1] = boxes[^1] with { Left = double.NaN };
    }

    private static (double X, double Y) Point(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
        ? (JsonFile.Number(value[0]) ?? double.NaN, JsonFile.Number(value[1]) ?? double.NaN) : (double.NaN, double.NaN);

    private static byte[] ReadData(string file)
    {
        byte[]? bytes = null;
        JsonFile.Read(
            file, name => name == "imageData" ? JsonPart.Value : JsonPart.Skip,
            (_, value, line) =>
            {
                if (!value.TryGetBytesFromBase64(out bytes))
                {
                    throw new DatasetException(
                        "imageData is not base64.", file, FormattableString.Invariant($"line {line}"), "Put the image beside the file.");
                }
            });
        return bytes!;
    }
}
