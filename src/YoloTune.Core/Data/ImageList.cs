using System.Text;
using YoloTune.Basics;
using YoloTune.Images;

namespace YoloTune.Data;

/// <summary>Finds the images of a split in folders and list files.</summary>
internal static class ImageList
{
    /// <summary>An image, and the list file and line it stands in, if any.</summary>
    public readonly record struct Entry(string Path, string? List, int? Line);

    /// <summary>The images of a split, each once, sorted by path.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="split">The split.</param>
    /// <param name="loops">Gets links to folders that lead back to where they lie, which are not followed.</param>
    /// <exception cref="DatasetException">There is no such split, a path of it is missing, or it holds no image.</exception>
    public static IReadOnlyList<Entry> Find(DatasetDescription dataset, string split, ICollection<string>? loops = null)
    {
        Dictionary<string, Entry> found = new(StringComparer.Ordinal);
        foreach (string path in dataset.PathsOf(split))
        {
            foreach (Entry entry in Enumerate(path, dataset, split, loops)) found.TryAdd(entry.Path, entry);
        }
        if (found.Count == 0)
        {
            throw new DatasetException(
                $"the split '{split}' holds no image ({string.Join(", ", dataset.PathsOf(split))}).", dataset.File,
                remedy: "Put images there, or correct the path. Known extensions: " + string.Join(", ", ImageDecoder.Extensions) + ".");
        }
        return [.. found.Values.OrderBy(entry => entry.Path, PathOrder.Native)];
    }

    /// <summary>Whether a split is described, all its paths are there and one of them holds an image.</summary>
    public static bool Exists(DatasetDescription dataset, string split) => dataset.HasSplit(split)
        && dataset.PathsOf(split).All(Path.Exists)
        && dataset.PathsOf(split).Any(path => Enumerate(path, dataset, split, loops: null).Any());

    private static IEnumerable<Entry> Enumerate(string path, DatasetDescription dataset, string split, ICollection<string>? loops)
    {
        if (Directory.Exists(path)) return ImageFolder.Images(path, loops).Select(file => new Entry(file, null, null));
        if (!File.Exists(path))
        {
            throw new DatasetException(
                $"the path '{path}' of the split '{split}' does not exist.", dataset.File,
                remedy: "Correct it; relative paths are relative to 'path', which is relative to the YAML file.");
        }
        if (DatasetLocation.IsArchive(path)) throw DatasetLocation.Packed(path);
        return ImageFolder.IsImage(path) ? [new Entry(path, null, null)] : ReadList(path, dataset.Root);
    }

    private static IEnumerable<Entry> ReadList(string path, string root)
    {
        string folder = Path.GetDirectoryName(path)!;
        string[] lines = TextFile.ReadLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length > 0 && ImageFolder.IsImage(line)) yield return new Entry(DatasetPaths.OfLine(line, folder, root), path, i + 1);
        }
    }
}
