using YoloTune.Basics;

namespace YoloTune.Data;

/// <summary>The folders of a dataset that has a folder per class.</summary>
/// <param name="folder">The dataset's folder, a full path.</param>
/// <param name="names">The classes: the folders of train.</param>
/// <param name="roots">For each split the folder that the class folders lie in.</param>
internal sealed class ClassFolderTree(string folder, IReadOnlyList<string> names, IReadOnlyDictionary<string, string> roots)
{
    private readonly Dictionary<string, int> ids =
        names.Select((name, id) => (name, id)).ToDictionary(entry => entry.name, entry => entry.id, StringComparer.Ordinal);

    /// <summary>The dataset's folder, a full path.</summary>
    public string Folder => folder;

    /// <summary>The classes.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The class of an image of a split by the folder it lies in; null where train has no such folder.</summary>
    public int? ClassOf(string split, string path) => FolderOf(split, path) is { } name && ids.TryGetValue(name, out int id) ? id : null;

    /// <summary>The images whose class is known, and what is wrong with the folders.</summary>
    /// <param name="split">The split.</param>
    /// <param name="images">Its images.</param>
    public (IReadOnlyList<ImageList.Entry> Known, IReadOnlyList<DatasetProblem> Problems) Sort(string split,
        IReadOnlyList<ImageList.Entry> images)
    {
        List<ImageList.Entry> known = [];
        List<DatasetProblem> problems = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (IGrouping<string?, ImageList.Entry> group in images.GroupBy(entry => FolderOf(split, entry.Path)))
        {
            if (group.Key is { } name && ids.ContainsKey(name))
            {
                seen.Add(name);
                known.AddRange(group);
                continue;
            }
            string count = group.Count() == 1 ? "1 image" : FormattableString.Invariant($"{group.Count()} images");
            problems.Add(group.Key is null
                ? new(roots[split], null, $"{count} of the split '{split}' lie in no class folder and are left out. Move them into one.",
                    ProblemAction.ImageDropped, group.First().Path)
                : new(Path.Combine(roots[split], group.Key), null,
                    $"train has no class '{group.Key}', so that the {count} of the split '{split}' are left out.{Similar(group.Key)}",
                    ProblemAction.ImageDropped, group.First().Path));
        }
        string[] missing = [.. names.Where(name => !seen.Contains(name))];
        if (missing.Length > 0)
        {
            string which = missing.Length == 1 ? $"the class '{missing[0]}' has no image" : $"the classes {List(missing)} have no image";
            problems.Add(new(roots[split], null, split == "train"
                ? $"{which} in the split 'train': nothing can be learned of it. Take the empty folder out, or fill it."
                : $"{which} in the split '{split}': it is not measured. The others keep their numbers.", ProblemAction.Kept));
        }
        // As the folders are sorted, so are the images.
        return ([.. known.OrderBy(entry => ids[FolderOf(split, entry.Path)!]).ThenBy(entry => entry.Path, PathOrder.Native)], problems);
    }

    private static string List(string[] names) =>
        string.Join(", ", names.Take(10).Select(name => $"'{name}'")) + (names.Length > 10 ? " ..." : "");

    private string Similar(string name) =>
        names.FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } other
        ? $" Did you mean '{other}'? Rename the folder." : " Rename the folder, or take it out.";

    /// <summary>The first folder below the split's; null for an image that lies in the split's folder itself.</summary>
    private string? FolderOf(string split, string path)
    {
        string[] parts = Path.GetRelativePath(roots[split], path).Split(Path.DirectorySeparatorChar);
        return parts.Length > 1 && parts[0] != ".." ? parts[0] : null;
    }
}
