using YoloTune.Basics;
using YoloTune.Data.Labels;

namespace YoloTune.Data;

/// <summary>Files that look like the labels of images but lie or are called so that they are not read.</summary>
internal sealed class UnreadLabels
{
    private const int Levels = 4;
    private static readonly string[] LabelFolders =
        ["labels", "label", "annotations", "annotation", "anns", "ann", "txt", "txts", "yolo", "xml", "xmls", "json"];
    private static readonly string[] OtherFormats = [".xml", ".json"];

    private readonly Dictionary<string, ILookup<string, string>> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> folders = new(StringComparer.Ordinal);
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private string sample = "";

    private UnreadLabels()
    {
    }

    /// <summary>Images without a label file for which one lies there unread.</summary>
    public int Count { get; private set; }

    /// <summary>The first of these files.</summary>
    public string? First { get; private set; }

    /// <summary>The image that it seems to belong to.</summary>
    public string? FirstImage { get; private set; }

    /// <summary>"looked for '...txt'".</summary>
    public string Looked => $"looked for label files such as '{LabelFile.PathFor(sample)}'";

    /// <summary>Looks for such files.</summary>
    /// <param name="images">Images of one split.</param>
    /// <param name="anyFormat">Whether annotations of other formats count too.</param>
    public static UnreadLabels Of(IReadOnlyList<DatasetImage> images, bool anyFormat)
    {
        UnreadLabels unread = new() { sample = images[0].Path };
        unread.read.UnionWith(images.Where(image => image.HasLabelFile).Select(image => LabelFile.PathFor(image.Path)));
        foreach (DatasetImage image in images.Where(image => !image.HasLabelFile))
        {
            if (unread.Find(image.Path, anyFormat) is not { } file) continue;
            unread.First ??= file;
            unread.FirstImage ??= image.Path;
            unread.Count++;
        }
        return unread;
    }

    /// <summary>What lies there, and what to do; begins with a blank, and is empty when nothing was found.</summary>
    public string Explain()
    {
        if (First is null) return "";
        string expected = LabelFile.PathFor(FirstImage!), there = $" '{First}' is there and is not read";
        if (OtherFormats.Contains(Path.GetExtension(First).ToLowerInvariant()))
            return there + ": make a dataset of such annotations with ConvertTo-YoloDataset.";
        string name = Path.GetFileName(First);
        if (name != Path.GetFileName(expected)) return $"{there}: call it '{Path.GetFileName(expected)}'.";
        if (Path.GetDirectoryName(expected) == Path.GetDirectoryName(FirstImage))
        {
            return $"{there}: no folder in the image's path is called 'images', in these letters, so that labels are read from beside the "
                + "image. Call the folder of the images 'images' and that of the labels 'labels'.";
        }
        return $"{there}: labels of images in a folder 'images' are read from the folder 'labels' beside it, here "
            + $"'{Path.GetDirectoryName(expected)}'.";
    }

    private string? Find(string image, bool anyFormat)
    {
        string expected = LabelFile.PathFor(image), folder = Path.GetDirectoryName(image)!;
        foreach (string place in Places(folder, Path.GetDirectoryName(expected)!, anyFormat).Distinct())
        {
            foreach (string file in NamedAs(place, image))
            {
                bool isText = Path.GetExtension(file).Equals(".txt", StringComparison.OrdinalIgnoreCase);
                if (file != expected && !read.Contains(file) && (isText ? LooksLikeLabels(file) : anyFormat)) return file;
            }
        }
        // One COCO file for all images of the folder.
        return !anyFormat ? null : FilesOf(folder).SelectMany(group => group)
            .Where(file => Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal).FirstOrDefault();
    }

    // Beside the image, where the labels should be, and folders called much like 'labels' up the path.
    private IEnumerable<string> Places(string folder, string expected, bool everywhere)
    {
        yield return expected;
        yield return folder;
        string? above = folder;
        for (int level = 0; level <= Levels && above is not null; level++, above = Path.GetDirectoryName(above))
        {
            string[] names = [.. Path.GetRelativePath(above, folder).Split(Path.DirectorySeparatorChar).Where(name => name != ".")];
            foreach (string labels in FoldersOf(above))
            {
                for (int from = 0; from <= names.Length; from++) yield return Path.Combine([labels, .. names[from..]]);
                if (names.Length > 1) yield return Path.Combine([labels, .. names[..^1]]);
                // Where the split has no label at all, those of a folder of another name may be meant: labels/valid for images/val.
                if (!everywhere) continue;
                foreach (string below in Directory.EnumerateDirectories(labels).Order(StringComparer.Ordinal)) yield return below;
            }
        }
    }

    private IEnumerable<string> NamedAs(string folder, string image)
    {
        ILookup<string, string> there = FilesOf(folder);
        return there[Path.GetFileNameWithoutExtension(image)].Concat(there[Path.GetFileName(image)]);
    }

    // By name without extension: a.txt and a.TXT of a.jpg, and a.jpg.txt, whose stem is a.jpg.
    private ILookup<string, string> FilesOf(string folder)
    {
        if (files.TryGetValue(folder, out ILookup<string, string>? known)) return known;
        IEnumerable<string> found = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal) : [];
        return files[folder] = found.Where(file => Path.GetExtension(file).ToLowerInvariant() is ".txt" or ".xml" or ".json")
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);
    }

    private string[] FoldersOf(string folder)
    {
        if (folders.TryGetValue(folder, out string[]? known)) return known;
        try
        {
            return folders[folder] =
            [
                .. Directory.EnumerateDirectories(folder).Where(path => LabelFolders.Contains(Path.GetFileName(path).ToLowerInvariant()))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return folders[folder] = [];
        }
    }

    private static bool LooksLikeLabels(string file)
    {
        try
        {
            string? first = TextFile.ReadLines(file).FirstOrDefault(line => line.Trim().Length > 0)?.Trim();
            return first is not null && char.IsAsciiDigit(first[0])
                && first.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length >= 5;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
