using System.Globalization;
using YoloTune.Basics;

namespace YoloTune.Data;

/// <summary>
/// A dataset as its YAML file describes it: where the images of each split are and what the classes are called. Paths are relative to
/// the YAML file and to nothing else: there is no settings folder to know about.
/// </summary>
public sealed class DatasetDescription
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> splits;

    internal DatasetDescription(
        string file, string root, IReadOnlyList<string> names, IReadOnlyDictionary<string, IReadOnlyList<string>> splits)
    {
        File = file;
        Root = root;
        Names = names;
        this.splits = splits;
    }

    /// <summary>The full path of the YAML file.</summary>
    public string File { get; }

    /// <summary>The full path of the folder that the splits are relative to.</summary>
    public string Root { get; }

    /// <summary>Class names by id.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Number of classes.</summary>
    public int ClassCount => Names.Count;

    /// <summary>The splits the file describes, such as train, val, test.</summary>
    public IReadOnlyCollection<string> SplitNames => [.. splits.Keys];

    /// <summary>Reads a dataset YAML, or the one in a folder.</summary>
    /// <param name="path">A YAML file, or a folder that holds one (of several, the one named as the folder, or data.yaml).</param>
    /// <exception cref="DatasetException">The file is missing or does not describe a dataset.</exception>
    public static DatasetDescription Load(string path) => DatasetYaml.Read(path);

    /// <summary>The folders, list files and images of a split, as full paths.</summary>
    /// <exception cref="DatasetException">There is no such split.</exception>
    public IReadOnlyList<string> PathsOf(string split)
    {
        if (splits.TryGetValue(split, out IReadOnlyList<string>? paths)) return paths;
        string known = splits.Count == 0 ? "none" : string.Join(", ", splits.Keys);
        throw new DatasetException(
            $"there is no split '{split}' (there are: {known}).", File, remedy: $"Add a line '{split}: <folder or list of images>'.");
    }

    /// <summary>Whether the file describes a split.</summary>
    public bool HasSplit(string split) => splits.ContainsKey(split);

    /// <summary>The images of a split, sorted by path; label files are not looked at.</summary>
    /// <exception cref="DatasetException">There is no such split, a path of it is missing, or it holds no image.</exception>
    public IReadOnlyList<string> ImagesOf(string split) => [.. ImageList.Find(this, split).Select(image => image.Path)];

    /// <summary>Name and class count.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(Path.GetDirectoryName(File))} ({ClassCount} classes)");
}
