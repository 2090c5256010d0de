using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;

namespace YoloTune.DatasetTools.Checks;

/// <summary>Looks a whole dataset over: counts, classes, problems, and images that stand in two splits.</summary>
public static class DatasetChecker
{
    // Files that annotation tools put among the labels.
    private static readonly HashSet<string> NotLabels = new(StringComparer.OrdinalIgnoreCase) { "classes.txt", "obj.names", "notes.txt" };

    /// <summary>Checks every split. A split that cannot be opened becomes a problem, not an exception.</summary>
    /// <param name="description">The dataset.</param>
    /// <param name="options">How labels are read; null reads them as training does and decodes every image.</param>
    /// <param name="progress">Told the number of images checked so far, per split.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <param name="check">What else to look for; null for the defaults.</param>
    public static DatasetReport Check(
        DatasetDescription description, DatasetOptions? options = null, IProgress<int>? progress = null,
        CancellationToken cancellation = default, DatasetCheckOptions? check = null)
    {
        options ??= new DatasetOptions { DecodeImages = true };
        if (options.Labels == TaskLabels.Boxes) options = options with { Labels = description.OwnLabels };
        check ??= new DatasetCheckOptions();
        List<SplitReport> splits = [];
        List<DatasetProblem> problems = [.. DatasetJudge.OfDescription(description)];
        List<(string Split, string Path)> images = [];
        List<DatasetImage> usable = [];
        foreach (string split in description.SplitNames)
        {
            try
            {
                ImageDataset dataset = ImageDataset.Inspect(description, split, options, progress, cancellation);
                problems.AddRange(dataset.Problems);
                usable.AddRange(dataset.Images);
                IReadOnlyList<string> all = description.ImagesOf(split);
                images.AddRange(dataset.Images.Select(image => (split, image.Path)));
                SplitReport report = Describe(dataset, description.HasClassFolders ? [] : all);
                splits.Add(report);
                problems.AddRange(report.LabelsWithoutImage.Select(path =>
                    new DatasetProblem(path, null, "no image belongs to this label file.", ProblemAction.Kept)));
            }
            catch (DatasetException error)
            {
                problems.Add(DatasetJudge.OfSplit(split, error, description));
            }
        }
        // Where test is measured in place of val, both are the same files, and that is reported already.
        if (description.HasClassFolders) images = [.. images.DistinctBy(image => image.Path)];
        DuplicateImage[] duplicates = DuplicateSearch.Find(images, check.HashDistance, cancellation);
        problems.AddRange(DuplicateSearch.Problems(duplicates, description.File));
        return new DatasetReport
        {
            File = description.File,
            HasClassFolders = description.HasClassFolders,
            Names = description.Names,
            Splits = splits.ToArray(),
            Problems = problems.Distinct().ToArray(),
            Duplicates = duplicates,
            Classes = Balance(description.Names, splits),
            // An image that two splits share counts once.
            BoxSizes = BoxSizes.Of(description.HasClassFolders ? [] : usable.DistinctBy(image => image.Path), check.ImageSize),
        };
    }

    private static ClassBalance[] Balance(IReadOnlyList<string> names, List<SplitReport> splits)
    {
        int all = splits.Sum(split => split.Instances);
        return [.. names.Select((name, id) =>
        {
            int boxes = splits.Sum(split => split.ClassInstances[id]);
            ClassInSplit[] parts = [.. splits.Select(split => new ClassInSplit(
                split.Split, split.ClassImages[id], split.ClassInstances[id],
                boxes == 0 ? null : split.ClassInstances[id] / (double)boxes))];
            return new ClassBalance(id, name, parts.Sum(part => part.Images), boxes, all == 0 ? 0 : boxes / (double)all, parts);
        })];
    }

    private static SplitReport Describe(ImageDataset dataset, IReadOnlyList<string> all)
    {
        (IReadOnlyList<int> classImages, IReadOnlyList<int> classInstances) = dataset.CountClasses();
        return new SplitReport
        {
            Split = dataset.Split,
            Images = dataset.Images.Count,
            ImagesDropped = dataset.ImagesDropped,
            Instances = dataset.InstanceCount,
            Backgrounds = dataset.BackgroundCount,
            ImagesWithoutLabels = dataset.Images.Where(image => !image.HasLabelFile).Select(image => image.Path).ToArray(),
            LabelsWithoutImage = FindLabelsWithoutImage(all),
            ClassImages = classImages,
            ClassInstances = classInstances,
        };
    }

    private static string[] FindLabelsWithoutImage(IReadOnlyList<string> images)
    {
        HashSet<string> expected = [.. images.Select(LabelFile.PathFor)];
        return [.. expected.Select(path => Path.GetDirectoryName(path)!).Distinct().Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.txt"))
            .Where(path => !expected.Contains(path) && !NotLabels.Contains(Path.GetFileName(path)) && LooksLikeLabels(path))
            .Order(PathOrder.Native)];
    }

    // Beside images other texts may lie: image lists, read-me files.
    private static bool LooksLikeLabels(string path)
    {
        string first = TextFile.ReadLines(path).FirstOrDefault(line => line.Trim().Length > 0) ?? "";
        return first.Length == 0 || char.IsAsciiDigit(first.TrimStart()[0]);
    }
}
