using System.Security.Cryptography;
using YoloTune.Data.Labels;

namespace YoloTune.Data.Checks;

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
    public static DatasetReport Check(
        DatasetDescription description, DatasetOptions? options = null, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new DatasetOptions { DecodeImages = true };
        List<SplitReport> splits = [];
        List<DatasetProblem> problems = [];
        List<(string Split, string Path)> images = [];
        foreach (string split in description.SplitNames)
        {
            try
            {
                DetectionDataset dataset = DetectionDataset.Inspect(description, split, options, progress, cancellation);
                problems.AddRange(dataset.Problems);
                IReadOnlyList<string> all = description.ImagesOf(split);
                images.AddRange(all.Where(File.Exists).Select(path => (split, path)));
                SplitReport report = Describe(dataset, all);
                splits.Add(report);
                problems.AddRange(report.LabelsWithoutImage.Select(path =>
                    new DatasetProblem(path, null, "no image belongs to this label file.", ProblemAction.Kept)));
            }
            catch (DatasetException error)
            {
                problems.Add(new DatasetProblem(error.File ?? description.File, null, error.Message, ProblemAction.ImageDropped));
            }
        }
        return new DatasetReport
        {
            File = description.File,
            Names = description.Names,
            Splits = splits,
            Problems = problems.Distinct().ToArray(),
            Duplicates = FindDuplicates(images, cancellation),
        };
    }

    private static SplitReport Describe(DetectionDataset dataset, IReadOnlyList<string> all)
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
            .Order(StringComparer.Ordinal)];
    }

    // Beside images other texts may lie: image lists, read-me files.
    private static bool LooksLikeLabels(string path)
    {
        string first = File.ReadLines(path).FirstOrDefault(line => line.Trim().Length > 0) ?? "";
        return first.Length == 0 || char.IsAsciiDigit(first.TrimStart('\uFEFF', ' ', '\t')[0]);
    }

    private static List<DuplicateImage> FindDuplicates(List<(string Split, string Path)> images, CancellationToken cancellation)
    {
        List<DuplicateImage> duplicates = [];
        // Only files of one length can be equal, so that few are read.
        foreach (var sameLength in images.GroupBy(image => new FileInfo(image.Path).Length))
        {
            cancellation.ThrowIfCancellationRequested();
            if (sameLength.Select(image => image.Split).Distinct().Count() < 2) continue;
            foreach (var same in sameLength.GroupBy(image => HashOf(image.Path)))
            {
                (string firstSplit, string firstPath) = same.First();
                duplicates.AddRange(same.Where(image => image.Split != firstSplit)
                    .Select(image => new DuplicateImage(firstSplit, firstPath, image.Split, image.Path)));
            }
        }
        return duplicates;
    }

    private static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }
}
