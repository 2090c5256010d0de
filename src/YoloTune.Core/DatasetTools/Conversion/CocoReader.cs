using System.Globalization;
using System.Text.Json;
using YoloTune.Basics;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>
/// Reads COCO instances: images, annotations and categories in one JSON file. Category ids may have gaps; the classes come in the order
/// of the ids, those without a box included. A box is x, y, width, height in pixels; where there is none it is the one around the
/// segmentation. Crowds are left out.
/// </summary>
internal static class CocoReader
{
    private const string ImageKey = "image ";
    private const string CategoryKey = "category ";

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="outlines">Whether outlines are read besides boxes.</param>
    public static AnnotationSet Read(string file, bool outlines = false)
    {
        Dictionary<string, IReadOnlyList<string>> points = new(StringComparer.Ordinal);
        Dictionary<string, AnnotatedImage> images = new(StringComparer.Ordinal);
        Dictionary<string, string> categories = new(StringComparer.Ordinal);
        List<Annotation> annotations = [];
        List<SkippedItem> skipped = [];
        HashSet<string> twice = [];
        HashSet<string> seen = [];
        JsonFile.Read(
            file,
            name =>
            {
                bool wanted = name is "images" or "annotations" or "categories";
                if (wanted) seen.Add(name);
                return wanted ? JsonPart.Items : JsonPart.Skip;
            },
            (name, item, line) =>
            {
                if (name == "images") AddImage(images, item, file, line, twice, skipped);
                else if (name == "categories")
                {
                    AddCategory(categories, item, file, line, twice, skipped);
                    if (CocoKeypoints.NamesOf(item) is { Count: > 0 } list
                        && (JsonFile.Name(item, "name") ?? "").Trim() is { Length: > 0 } owner)
                        points[owner] = list;
                }
                else annotations.Add(ReadAnnotation(item, line, outlines));
            });
        foreach (string needed in (string[])["images", "annotations", "categories"])
        {
            if (seen.Contains(needed)) continue;
            throw new DatasetException(
                $"the file has no list '{needed}'.", file,
                remedy: "Give a COCO instances file; files of captions or image lists have no boxes.");
        }
        // It is not known which of the two is meant.
        foreach (string key in twice)
        {
            if (key.StartsWith(ImageKey, StringComparison.Ordinal)) images.Remove(key[ImageKey.Length..]);
            else categories.Remove(key[CategoryKey.Length..]);
        }
        foreach (Annotation annotation in annotations) Assign(annotation, images, categories, file, skipped);
        string[] classes = [.. categories.OrderBy(entry => Order(entry.Key)).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => entry.Value).Distinct()];
        return new AnnotationSet(AnnotationFormat.Coco, classes, [.. images.Values], skipped) { KeypointNames = points };
    }

    private static void AddImage(
        Dictionary<string, AnnotatedImage> images, JsonElement item, string file, int line, HashSet<string> twice,
        List<SkippedItem> skipped)
    {
        string? id = Id(item, "id"), name = JsonFile.Text(item, "file_name");
        if (id is null || name is not { Length: > 0 })
        {
            skipped.Add(new(SkipReason.BadEntry, file, line, id is null ? "the image has no id." : $"the image {id} has no file_name."));
            return;
        }
        AnnotatedImage image = new()
        {
            File = file, Line = line, Names = [name], Folders = Folders(file),
            Width = JsonFile.Number(JsonFile.Get(item, "width")), Height = JsonFile.Number(JsonFile.Get(item, "height")),
        };
        if (images.TryAdd(id, image) || images[id].Names[0] == name) return;
        twice.Add(ImageKey + id);
        skipped.Add(new(
            SkipReason.BadEntry, file, line, $"the image id {id} stands for '{images[id].Names[0]}' already, and here for '{name}'."));
    }

    private static void AddCategory(
        Dictionary<string, string> categories, JsonElement item, string file, int line, HashSet<string> twice, List<SkippedItem> skipped)
    {
        string? id = Id(item, "id");
        string name = (JsonFile.Name(item, "name") ?? "").Trim();
        if (id is null || name.Length == 0)
        {
            string detail = id is null ? "the category has no id." : $"the category {id} has no name.";
            skipped.Add(new(id is null ? SkipReason.BadEntry : SkipReason.NoClassName, file, line, detail));
            return;
        }
        if (categories.TryAdd(id, name) || categories[id] == name) return;
        twice.Add(CategoryKey + id);
        skipped.Add(new(
            SkipReason.BadEntry, file, line, $"the category id {id} stands for '{categories[id]}' already, and here for '{name}'."));
    }

    private static Annotation ReadAnnotation(JsonElement item, int line, bool outlines)
    {
        double[]? box = JsonFile.Get(item, "bbox") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 4
            ? [.. list.EnumerateArray().Select(value => JsonFile.Number(value) ?? double.NaN)] : null;
        // Some tools write no box, or zeros, beside a polygon or a mask.
        if (box is null or [_, _, 0, _] or [_, _, _, 0]) box = CocoSegmentation.Box(JsonFile.Get(item, "segmentation")) ?? box;
        bool crowd = JsonFile.Get(item, "iscrowd") is { } flag
            && (flag.ValueKind == JsonValueKind.True || JsonFile.Number(flag) is not (null or 0));
        return new(Id(item, "id") ?? "?", Id(item, "image_id"), Id(item, "category_id"), box, crowd, line,
            outlines ? CocoSegmentation.Outline(JsonFile.Get(item, "segmentation")) : null, CocoKeypoints.Of(item));
    }

    private static void Assign(
        Annotation annotation, Dictionary<string, AnnotatedImage> images, Dictionary<string, string> categories, string file,
        List<SkippedItem> skipped)
    {
        AnnotatedImage? image = annotation.Image is null ? null : images.GetValueOrDefault(annotation.Image);
        string? name = annotation.Category is null ? null : categories.GetValueOrDefault(annotation.Category);
        if (image is null) Skip(SkipReason.UnknownImage, $"there is no image {annotation.Image ?? "without an id"}.");
        else if (annotation.IsCrowd) Skip(SkipReason.Crowd, "a crowd on " + image.Names[0]);
        else if (name is null) Skip(SkipReason.UnknownCategory, $"there is no category {annotation.Category ?? "without an id"}.");
        else if (annotation.Box is not [double x, double y, double width, double height])
            Skip(SkipReason.BadBox, "there is no bbox of four numbers, and no segmentation to take one from.");
        else if (width < 0 || height < 0) Skip(SkipReason.EmptyBox, FormattableString.Invariant($"the size is {width} x {height}."));
        else image.Boxes.Add(
            new(name, x, y, x + width, y + height, annotation.Line, $"{name} on {image.Names[0]}, annotation {annotation.Id}")
            {
                Polygon = annotation.Outline,
                Keypoints = annotation.Keypoints,
            });

        void Skip(SkipReason reason, string detail)
        {
            skipped.Add(new(reason, file, annotation.Line, $"annotation {annotation.Id}: {detail}"));
            image?.Unusable.Add((reason, name));
        }
    }

    // annotations/instances_train2017.json beside train2017 or images/train2017, or a JSON file among its images.
    private static IReadOnlyList<string> Folders(string file)
    {
        string folder = Path.GetDirectoryName(file)!, parent = Path.GetDirectoryName(folder) ?? folder;
        string subset = Path.GetFileNameWithoutExtension(file).Split('_')[^1];
        return
        [
            folder, Path.Combine(folder, "images"), Path.Combine(parent, subset), Path.Combine(parent, "images", subset),
            Path.Combine(parent, "images"), parent,
        ];
    }

    // A key that is the same for 1 and 1.0, and holds an id of any size.
    private static string? Id(JsonElement item, string name) => JsonFile.Get(item, name) switch
    {
        { ValueKind: JsonValueKind.Number } number => number.TryGetDecimal(out decimal value) && value == decimal.Truncate(value)
            ? value.ToString("0", CultureInfo.InvariantCulture) : number.GetRawText(),
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => null,
    };

    private static double Order(string id) =>
        double.TryParse(id, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.PositiveInfinity;

    private sealed record Annotation(string Id, string? Image, string? Category, double[]? Box, bool IsCrowd, int Line, double[]? Outline,
        double[]? Keypoints);
}
