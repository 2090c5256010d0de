using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.DatasetTools.Checks;

namespace YoloTune.DatasetTools.Splitting;

/// <summary>
/// Divides a dataset into train, val and test: each part gets its share of the images of every class, and images that are copies of each
/// other, or nearly so, stay together, so that nothing is measured on what was learned.
/// </summary>
public static class DatasetSplitter
{
    /// <summary>Divides a dataset and writes the parts.</summary>
    /// <param name="path">A dataset's YAML, its folder, a folder of images with label files, or one with a folder per class.</param>
    /// <param name="options">How to divide it.</param>
    /// <param name="problems">Told what is wrong in the dataset; such images are in no part.</param>
    /// <param name="progress">Told the number of images looked at, and of all.</param>
    /// <param name="cancellation">Stops it; nothing is left behind.</param>
    /// <exception cref="DatasetException">The dataset cannot be read, or files are there already.</exception>
    /// <exception cref="SelectionException">The shares or splits do not work.</exception>
    public static IReadOnlyList<DatasetPart> Split(
        string path, DatasetSplitOptions options, Action<IReadOnlyList<DatasetProblem>>? problems = null,
        IProgress<(int Done, int Total)>? progress = null, CancellationToken cancellation = default)
    {
        (string Name, double Share)[] parts = Parts(options);
        DatasetDescription description = SplitSource.Load(path);
        List<DatasetProblem> missing = [];
        string[] there = [.. There(description, options, missing)];
        string[] kept = [.. Kept(description, options, there, parts)];
        string[] names = [.. parts.Select(part => part.Name)];
        IPartWriter writer = description.HasClassFolders
            ? new ClassFolderWriter(description, options, names, kept)
            : new PartWriter(description, options, names, kept);

        DatasetImage[] images = Load(description, [.. there.Except(kept)], missing, problems, cancellation);
        IReadOnlyList<ImageFingerprint> prints = ImageFingerprint.Read(
            [.. images.Select(image => image.Path)], options.HashDistance > 0, progress, cancellation);
        // In the order of their content, which is the same wherever the files lie and whatever they are called.
        int[] order = [.. Enumerable.Range(0, images.Length).OrderBy(i => prints[i].Content, StringComparer.Ordinal)];
        (images, prints) = ([.. order.Select(i => images[i])], [.. order.Select(i => prints[i])]);
        int[] groupOf = SimilarImages.Groups(images.Length, SimilarImages.Pairs(prints, options.HashDistance, cancellation: cancellation));
        int[] sizes = [.. groupOf.GroupBy(group => group).OrderBy(group => group.Key).Select(group => group.Count())];

        int[] assigned = IterativeStratification.Assign(
            Examples(images, groupOf, sizes, description.ClassCount), description.ClassCount + 1, [.. parts.Select(part => part.Share)],
            new RandomStream(options.Seed, "split"));
        int[] partOf = [.. groupOf.Select(group => assigned[group])];
        for (int part = 0; part < parts.Length; part++)
        {
            if (partOf.Contains(part)) continue;
            throw new SelectionException(FormattableString.Invariant(
                $"{images.Length} images in {sizes.Length} groups that have to stay together leave none for '{parts[part].Name}'."),
                remedy: "Ask for a larger share, or for fewer groups of near duplicates with a smaller -HashDistance.");
        }
        string yaml = writer.Write([.. Enumerable.Range(0, parts.Length).Select(part => (IReadOnlyList<string>)
            [.. images.Where((_, i) => partOf[i] == part).Select(image => image.Path).Order(PathOrder.Native)])], cancellation);
        return [.. Enumerable.Range(0, parts.Length).Select(part => Describe(part))];

        DatasetPart Describe(int part)
        {
            int[] members = [.. Enumerable.Range(0, images.Length).Where(i => partOf[i] == part)];
            return new DatasetPart
            {
                Path = yaml,
                Split = parts[part].Name,
                Images = members.Length,
                Boxes = members.Sum(i => images[i].Labels.Count),
                Backgrounds = members.Count(i => images[i].Labels.Count == 0),
                Share = members.Length / (double)images.Length,
                WantedShare = parts[part].Share,
                Together = members.Count(i => sizes[groupOf[i]] > 1),
                LargestGroup = members.Max(i => sizes[groupOf[i]]),
                Classes = Classes(description.Names, images, [.. members.Select(i => images[i])]),
            };
        }
    }

    private static (string Name, double Share)[] Parts(DatasetSplitOptions options)
    {
        double train = 1 - options.Validation - options.Test;
        bool works = options.Validation >= 0 && options.Test >= 0 && options.Validation + options.Test > 0 && train > 1e-9;
        if (works)
            return [.. new[] { ("train", train), ("val", options.Validation), ("test", options.Test) }.Where(part => part.Item2 > 0)];
        throw new SelectionException(FormattableString.Invariant(
            $"shares of {options.Validation} for val and {options.Test} for test leave {train:0.###} for train."),
            remedy: "Shares lie between 0 and 1, and something has to be left for train and for another part.");
    }

    // A split that is described but not there, as in an export without a test part, is left out. Without train something is amiss.
    private static IEnumerable<string> There(DatasetDescription description, DatasetSplitOptions options, List<DatasetProblem> missing)
    {
        foreach (string split in description.SplitNames)
        {
            if (split == "train" || options.Splits.Contains(split) || ImageList.Exists(description, split)) yield return split;
            else
            {
                missing.Add(new(description.File, null,
                    $"the split '{split}' is described but not there ({string.Join(", ", description.PathsOf(split))}); it is left out.",
                    ProblemAction.Kept));
            }
        }
    }

    private static IEnumerable<string> Kept(
        DatasetDescription description, DatasetSplitOptions options, string[] there, (string Name, double Share)[] parts)
    {
        if (options.Splits.Count == 0) return [];
        // Asking for the paths of a split that is not there is the error with the names of those that are.
        foreach (string split in options.Splits) description.PathsOf(split);
        string[] kept = [.. there.Except(options.Splits)];
        string? both = kept.FirstOrDefault(split => parts.Any(part => part.Name == split));
        return both is null ? kept : throw new SelectionException(
            $"the dataset has a split '{both}' that is to stay, and dividing {string.Join(", ", options.Splits)} makes another one.",
            remedy: $"Divide '{both}' too, or set its share to 0.");
    }

    private static DatasetImage[] Load(
        DatasetDescription description, string[] splits, List<DatasetProblem> missing, Action<IReadOnlyList<DatasetProblem>>? problems,
        CancellationToken cancellation)
    {
        ImageDataset[] datasets =
            [.. splits.Select(split => ImageDataset.Inspect(
                description, split, new DatasetOptions { Labels = description.OwnLabels }, progress: null, cancellation))];
        DatasetProblem[] found = [.. missing, .. datasets.SelectMany(dataset => dataset.Problems).Distinct()];
        if (found.Length > 0) problems?.Invoke(found);
        DatasetImage[] images = [.. datasets.SelectMany(dataset => dataset.Images).DistinctBy(image => image.Path)];
        return images.Length > 1 ? images : throw new DatasetException(
            FormattableString.Invariant($"{images.Length} usable images cannot be divided."), description.File,
            remedy: "Run Test-YoloDataset to see what is wrong with the others.");
    }

    // Images without a box are a label of their own, so that every part gets its share of them too.
    private static (IReadOnlyDictionary<int, int> Labels, int Images)[] Examples(
        DatasetImage[] images, int[] groupOf, int[] sizes, int background)
    {
        Dictionary<int, int>[] labels = [.. sizes.Select(_ => new Dictionary<int, int>())];
        for (int i = 0; i < images.Length; i++)
        {
            IEnumerable<int> ids = images[i].Labels.Count == 0 ? [background] : images[i].Labels.Classes.Select(id => (int)id).Distinct();
            foreach (int id in ids) labels[groupOf[i]][id] = labels[groupOf[i]].GetValueOrDefault(id) + 1;
        }
        return [.. labels.Select((group, i) => ((IReadOnlyDictionary<int, int>)group, sizes[i]))];
    }

    private static ClassShare[] Classes(IReadOnlyList<string> names, DatasetImage[] all, DatasetImage[] members)
    {
        ((int[] imagesAll, int[] boxesAll), (int[] images, int[] boxes)) = (Count(all, names.Count), Count(members, names.Count));
        return [.. names.Select((name, id) => new ClassShare(
            id, name, images[id], boxes[id], Ratio(images[id], imagesAll[id]), Ratio(boxes[id], boxesAll[id])))];

        static double? Ratio(int part, int whole) => whole == 0 ? null : part / (double)whole;
    }

    private static (int[] Images, int[] Boxes) Count(DatasetImage[] images, int classes)
    {
        (int[] withClass, int[] boxes) = (new int[classes], new int[classes]);
        foreach (DatasetImage image in images)
        {
            foreach (float id in image.Labels.Classes) boxes[(int)id]++;
            foreach (float id in image.Labels.Classes.Distinct()) withClass[(int)id]++;
        }
        return (withClass, boxes);
    }
}
