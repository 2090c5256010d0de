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
    public static IReadOnlyList<Entry> Find(DatasetDescription dataset, string split)
    {
        Dictionary<string, Entry> found = new(StringComparer.Ordinal);
        foreach (string path in dataset.PathsOf(split))
        {
            foreach (Entry entry in Enumerate(path, dataset, split)) found.TryAdd(entry.Path, entry);
        }
        if (found.Count == 0)
        {
            throw new DatasetException(
                $"the split '{split}' holds no image ({string.Join(", ", dataset.PathsOf(split))}).", dataset.File,
                remedy: "Put images there, or correct the path. Known extensions: " + string.Join(", ", ImageDecoder.Extensions) + ".");
        }
        return [.. found.Values.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
    }

    private static IEnumerable<Entry> Enumerate(string path, DatasetDescription dataset, string split)
    {
        if (Directory.Exists(path)) return ImageFolder.Images(path).Select(file => new Entry(file, null, null));
        if (!File.Exists(path))
        {
            throw new DatasetException(
                $"the path '{path}' of the split '{split}' does not exist.", dataset.File,
                remedy: "Correct it; relative paths are relative to 'path', which is relative to the YAML file.");
        }
        return ImageFolder.IsImage(path) ? [new Entry(path, null, null)] : ReadList(path, dataset.Root);
    }

    private static IEnumerable<Entry> ReadList(string path, string root)
    {
        string folder = Path.GetDirectoryName(path)!;
        // StreamReader takes away a byte-order mark, which the reference leaves in the first path.
        string[] lines = File.ReadAllLines(path, new UTF8Encoding(false));
        for (int i = 0; i < lines.Length; i++)
        {
            string line = DatasetYaml.Native(lines[i].Trim());
            if (line.Length == 0 || !ImageFolder.IsImage(line)) continue;
            string full = Path.GetFullPath(line, folder);
            if (!File.Exists(full) && Path.GetFullPath(line, root) is var below && File.Exists(below)) full = below;
            yield return new Entry(full, path, i + 1);
        }
    }
}
