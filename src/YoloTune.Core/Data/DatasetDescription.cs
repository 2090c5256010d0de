using System.Globalization;
using YoloTune.Basics;
using YoloTune.Data.Labels;

namespace YoloTune.Data;

/// <summary>
/// A dataset as its YAML file describes it: where the images of each split are and what the classes are called. Paths are relative to
/// the YAML file and to nothing else: there is no settings folder to know about. A dataset of images that have a class as a whole is
/// described by its folders: one per split, in it one per class.
/// </summary>
public sealed class DatasetDescription
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> splits;
    private readonly Lazy<KeypointShape?>? keypoints;

    internal DatasetDescription(
        string file, string root, IReadOnlyList<string> names, IReadOnlyDictionary<string, IReadOnlyList<string>> splits,
        Func<KeypointShape?>? keypoints = null)
    {
        this.keypoints = keypoints is null ? null : new(keypoints);
        File = file;
        Root = root;
        Names = names;
        this.splits = splits;
    }

    /// <summary>The full path of the YAML file; of a dataset with a folder per class, that of its folder.</summary>
    public string File { get; }

    /// <summary>The full path of the folder that the splits are relative to.</summary>
    public string Root { get; }

    /// <summary>Class names by id.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Number of classes.</summary>
    public int ClassCount => Names.Count;

    /// <summary>Whether images have a class as a whole, by the folders they lie in, and no boxes.</summary>
    public bool HasClassFolders => Tree is not null;

    /// <summary>The folders of the classes; null where there are label files.</summary>
    internal ClassFolderTree? Tree { get; init; }

    /// <summary>
    /// The class of an image by its folder, whatever the split; null where there is none, or where there are label files.
    /// </summary>
    internal int? ClassOf(string path) => Tree is { } tree
        ? SplitNames.Select(split => tree.ClassOf(split, path)).FirstOrDefault(id => id is not null) : null;

    /// <summary>The labels that the dataset has, whatever the task.</summary>
    internal TaskLabels OwnLabels =>
        HasClassFolders ? TaskLabels.Whole : ReadableKeypoints is { } points ? new KeypointRowLabels(points) : TaskLabels.Boxes;

    /// <summary>
    /// The keypoints of the objects (<c>kpt_shape</c>, <c>flip_idx</c>, <c>kpt_names</c>); null when the file gives none.
    /// </summary>
    /// <exception cref="DatasetException">The file gives them wrongly.</exception>
    public KeypointShape? Keypoints => keypoints?.Value;

    /// <summary>The keypoints, or null where they are not given or given wrongly.</summary>
    internal KeypointShape? ReadableKeypoints
    {
        get
        {
            try
            {
                return Keypoints;
            }
            catch (DatasetException)
            {
                return null;
            }
        }
    }

    /// <summary>The splits the file describes, such as train, val, test.</summary>
    public IReadOnlyCollection<string> SplitNames => [.. splits.Keys];

    /// <summary>What is odd about the description itself: paths found elsewhere than it says, an encoding that had to be guessed.</summary>
    public IReadOnlyList<DatasetProblem> Problems { get; internal init; } = [];

    /// <summary>For keys that are missing the ones that are probably meant by them, which are not read.</summary>
    internal IReadOnlyDictionary<string, UnreadKey> Unread { get; init; } = new Dictionary<string, UnreadKey>();

    /// <summary>Reads a dataset YAML, or the one in a folder.</summary>
    /// <param name="path">
    /// A YAML file, or a folder that holds one (of several, the one named as the folder, or data.yaml); or the obj.data of Darknet and
    /// CVAT; or a folder with a folder per class.
    /// </param>
    /// <exception cref="DatasetException">The file is missing or does not describe a dataset.</exception>
    public static DatasetDescription Load(string path) => ClassFolders.Read(path) ?? DatasetYaml.Read(path);

    /// <summary>The folders, list files and images of a split, as full paths.</summary>
    /// <exception cref="DatasetException">There is no such split.</exception>
    public IReadOnlyList<string> PathsOf(string split)
    {
        if (splits.TryGetValue(split, out IReadOnlyList<string>? paths)) return paths;
        throw new DatasetException(Missing(split), File, remedy: RemedyFor(split));
    }

    /// <summary>Says that a split is not described.</summary>
    internal string Missing(string split) => $"there is no split '{split}' (there are: {string.Join(", ", splits.Keys)}).";

    /// <summary>What to do about a split that is not described.</summary>
    internal string RemedyFor(string split) =>
        Unread.TryGetValue(split, out UnreadKey? key) ? key.Remedy
        : HasClassFolders ? $"Divide the dataset with Split-YoloDataset, or add a folder '{split}' with a folder per class."
        : split == "val" ? "Divide the dataset with Split-YoloDataset, or add a line for it with a folder or list of images."
        : $"Add a line '{split}: <folder or list of images>'.";

    /// <summary>Whether the file describes a split.</summary>
    public bool HasSplit(string split) => splits.ContainsKey(split);

    /// <summary>The images of a split, sorted by path; label files are not looked at.</summary>
    /// <exception cref="DatasetException">There is no such split, a path of it is missing, or it holds no image.</exception>
    public IReadOnlyList<string> ImagesOf(string split) => [.. ImageList.Find(this, split).Select(image => image.Path)];

    /// <summary>
    /// Every file that the dataset is read from: this description, lists, images and the places of their label files. Splits that are not
    /// there are passed over.
    /// </summary>
    public IEnumerable<string> Files()
    {
        if (!HasClassFolders) yield return File;
        foreach (string split in SplitNames)
        {
            foreach (string path in PathsOf(split).Where(System.IO.File.Exists)) yield return path;
            if (!ImageList.Exists(this, split)) continue;
            foreach (string image in ImagesOf(split))
            {
                yield return image;
                if (!HasClassFolders) yield return LabelFile.PathFor(image);
            }
        }
    }

    /// <summary>Name and class count.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileName(HasClassFolders ? File : Path.GetDirectoryName(File))} ({ClassCount} classes)");
}
