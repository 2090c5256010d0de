using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.Images;

namespace YoloTune.DatasetTools.Splitting;

/// <summary>Opens what is to be divided: a dataset, or a folder of images with label files that no YAML describes.</summary>
internal static class SplitSource
{
    private const int MostClasses = 100_000;

    /// <exception cref="DatasetException">There is neither a dataset nor an image.</exception>
    public static DatasetDescription Load(string path)
    {
        string full = Path.GetFullPath(path);
        bool described = !Directory.Exists(full) || DatasetLocation.IsDataset(full);
        if (described) return DatasetDescription.Load(full);
        if (ClassFolders.Read(full) is { } classes) return classes;
        string[] images = [.. ImageFolder.Images(full)];
        if (images.Length == 0)
        {
            throw new DatasetException(
                "the folder holds neither a dataset YAML nor an image.", full,
                remedy: "Give a dataset, or a folder of images with their label files.");
        }
        string root = Path.TrimEndingDirectorySeparator(full);
        return new DatasetDescription(
            Path.Combine(root, "data.yaml"), root, Names(root, images),
            new Dictionary<string, IReadOnlyList<string>> { ["train"] = [root] });
    }

    private static IReadOnlyList<string> Names(string root, string[] images)
    {
        foreach (string folder in (string[])[root, Path.Combine(root, "labels")])
        {
            string list = Path.Combine(folder, "classes.txt");
            if (File.Exists(list)) return [.. TextFile.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        LabelRules rules = new() { ClassCount = MostClasses };
        int last = images.Select(image => LabelFile.Read(LabelFile.PathFor(image), rules).Labels)
            .SelectMany(labels => labels?.Classes ?? []).Select(id => (int)id).DefaultIfEmpty(-1).Max();
        if (last < 0)
        {
            throw new DatasetException(
                "no image of the folder has a label.", root,
                remedy: "Label files lie beside the images, or in a folder labels beside the folder images.");
        }
        return [.. Enumerable.Range(0, last + 1).Select(id => FormattableString.Invariant($"class_{id}"))];
    }
}
