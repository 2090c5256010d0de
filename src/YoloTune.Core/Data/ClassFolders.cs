using YoloTune.Basics;
using YoloTune.Data.Labels;
using YoloTune.Images;

namespace YoloTune.Data;

/// <summary>
/// Datasets of images that have a class as a whole: a folder per split, in it a folder per class. Where there is no folder train, the
/// folders
/// are the classes, and the images of each are divided 80 to 20 by their names, without copying a file.
/// </summary>
internal static class ClassFolders
{
    private static readonly string[] ValidationFolders = ["val", "validation", "valid"];
    private static readonly string[] DetectionFolders = ["images", "labels", "annotations"];

    /// <summary>The class of an image as its label: one box on the whole image.</summary>
    public static LabelSet LabelsOf(int classId) => new() { Classes = [classId], Boxes = [new(0.5f, 0.5f, 1, 1)] };

    /// <summary>The class of an image as a batch takes it.</summary>
    public static Instances InstancesOf(LabelSet labels) =>
        new([.. labels.Classes], [.. labels.Classes.SelectMany(_ => (float[])[0.5f, 0.5f, 1, 1])]);

    /// <summary>The dataset in a folder, or null where the path is no such folder.</summary>
    /// <exception cref="DatasetException">The folders are those of classes, and nothing can be made of them.</exception>
    public static DatasetDescription? Read(string path)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(folder) || DatasetLocation.IsDataset(folder)) return null;
        string train = Path.Combine(folder, "train");
        return Directory.Exists(train) ? ReadSplits(folder, train) : ReadUndivided(folder);
    }

    /// <summary>The folders of classes in a folder, sorted by name as text; hidden ones do not count.</summary>
    internal static IReadOnlyList<string> Names(string folder) => (string[])
    [
        .. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!)
            .Where(name => !name.StartsWith('.') && name != "__MACOSX").Order(StringComparer.Ordinal),
    ];

    private static DatasetDescription? ReadSplits(string folder, string train)
    {
        IReadOnlyList<string> names = Names(train);
        if (names.All(name => DetectionFolders.Contains(name, StringComparer.OrdinalIgnoreCase))) return null;
        Dictionary<string, string> roots = new() { ["train"] = train };
        List<DatasetProblem> problems = [];
        if (ValidationFolders.Select(name => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists) is { } validation)
            roots.Add("val", validation);
        string test = Path.Combine(folder, "test");
        if (Directory.Exists(test)) roots.Add("test", test);
        if (!roots.ContainsKey("val") && roots.ContainsKey("test"))
        {
            roots.Add("val", test);
            problems.Add(new(folder, null, "there is no folder 'val'; 'test' is measured in its place, so that nothing is held back. "
                + "Divide the training images with Split-YoloDataset to have both.", ProblemAction.Kept));
        }
        ClassFolderTree tree = new(folder, names, roots);
        return Describe(tree, roots.ToDictionary(root => root.Key, root => (IReadOnlyList<string>)[root.Value]), problems);
    }

    // Every folder has to hold images, so that a set of boxes whose description is missing is not taken for one of classes.
    private static DatasetDescription? ReadUndivided(string folder)
    {
        IReadOnlyList<string> names = Names(folder);
        if (names.Count < 2 || names.Any(name => DetectionFolders.Contains(name, StringComparer.OrdinalIgnoreCase)
            || DatasetPaths.IsSplit(name))) return null;
        Dictionary<string, string[]> images = [];
        foreach (string name in names)
        {
            string below = Path.Combine(folder, name);
            if (!HoldsImage(below)) return null;
            images.Add(name, [.. ImageFolder.Images(below)]);
        }
        List<string> train = [], validation = [];
        foreach ((string _, string[] paths) in images.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            string[] order = [.. paths.OrderBy(path => Rank(folder, path)).ThenBy(path => path, StringComparer.Ordinal)];
            int count = Math.Max(1, (int)(0.8 * order.Length));
            train.AddRange(order[..count]);
            validation.AddRange(order[count..]);
        }
        Dictionary<string, IReadOnlyList<string>> splits = new() { ["train"] = train };
        if (validation.Count > 0) splits.Add("val", validation);
        ClassFolderTree tree = new(folder, names, splits.ToDictionary(split => split.Key, _ => folder));
        return Describe(tree, splits, [new(folder, null, FormattableString.Invariant(
            $"there is no folder 'train': of each class four fifths of the images are trained on ({train.Count}), ")
            + FormattableString.Invariant($"the others measured ({validation.Count}). ")
            + "Split-YoloDataset makes a division of its own.", ProblemAction.Kept)]);
    }

    private static DatasetDescription Describe(
        ClassFolderTree tree, IReadOnlyDictionary<string, IReadOnlyList<string>> splits, IReadOnlyList<DatasetProblem> problems) =>
        new(tree.Folder, tree.Folder, tree.Names, splits) { Tree = tree, Problems = problems };

    private static bool HoldsImage(string folder)
    {
        try
        {
            return ImageFolder.Files(folder).Any(ImageFolder.IsImage);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // A number of the name alone: a file that is added later leaves the others where they are, but for the one at the border.
    private static ulong Rank(string folder, string path) =>
        new RandomStream(0, Path.GetRelativePath(folder, path).Replace('\\', '/')).NextBits();
}
