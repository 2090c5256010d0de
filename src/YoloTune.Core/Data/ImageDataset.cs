using YoloTune.Basics;
using YoloTune.Data.Labels;
using YoloTune.Images;

namespace YoloTune.Data;

/// <summary>The usable images of a split with their labels, and what was wrong with the others.</summary>
public sealed class ImageDataset
{
    internal ImageDataset(
        string split, IReadOnlyList<string> names, IReadOnlyList<DatasetImage> images, IReadOnlyList<DatasetProblem> problems,
        int imagesFound, TaskLabels? labels = null)
    {
        Labels = labels ?? TaskLabels.Boxes;
        Split = split;
        Names = names;
        Images = images;
        Problems = problems;
        ImagesFound = imagesFound;
    }

    /// <summary>The split's name.</summary>
    public string Split { get; }

    /// <summary>What the task's labels are.</summary>
    internal TaskLabels Labels { get; }

    /// <summary>Class names by id.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Number of classes.</summary>
    public int ClassCount => Names.Count;

    /// <summary>The images, sorted by path.</summary>
    public IReadOnlyList<DatasetImage> Images { get; }

    /// <summary>What was wrong, in the order of the images.</summary>
    public IReadOnlyList<DatasetProblem> Problems { get; }

    /// <summary>Images looked at, the dropped ones included.</summary>
    public int ImagesFound { get; }

    /// <summary>Images that are not used.</summary>
    public int ImagesDropped => ImagesFound - Images.Count;

    /// <summary>Boxes of all images.</summary>
    public int InstanceCount => Images.Sum(image => image.Labels.Count);

    /// <summary>Images without a box.</summary>
    public int BackgroundCount => Images.Count(image => image.Labels.Count == 0);

    /// <summary>Whether labels are polygons, which augmentation then follows.</summary>
    public bool HasPolygons => Images.Any(image => image.Labels.Polygons is not null);

    /// <summary>Finds and checks the images and labels of a split.</summary>
    /// <param name="description">The dataset.</param>
    /// <param name="split">train, val, test ...</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <param name="progress">Told the number of images checked so far.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="DatasetException">There is no such split, or no usable image in it.</exception>
    public static ImageDataset Load(
        DatasetDescription description, string split, DatasetOptions? options = null, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new DatasetOptions();
        ImageDataset dataset = Inspect(description, split, options, progress, cancellation);
        if (dataset.Images.Count > 0)
        {
            if (DatasetJudge.OfOutlines(dataset, description.File) is { } problem)
                throw new DatasetException(problem.Reason, problem.File, remedy: DatasetJudge.OutlineRemedy);
            return dataset;
        }
        throw new DatasetException(
            $"none of the {dataset.ImagesFound} images of the split '{split}' can be used. First: {dataset.Problems[0]}", description.File,
            remedy: "Run Test-YoloDataset to see every problem.");
    }

    /// <summary>As <see cref="Load"/>, but a split of which nothing can be used comes back empty.</summary>
    internal static ImageDataset Inspect(
        DatasetDescription description, string split, DatasetOptions options, IProgress<int>? progress, CancellationToken cancellation)
    {
        List<string> loops = [];
        IReadOnlyList<ImageList.Entry> found = ImageList.Find(description, split, loops);
        int all = found.Count;
        (found, IReadOnlyList<DatasetProblem> folders) = description.Tree?.Sort(split, found) ?? (found, []);
        int unknown = all - found.Count;
        if (options.Fraction < 1) found = Part(found, options.Fraction, description.Tree, split);
        var checks = new (DatasetImage? Image, IReadOnlyList<DatasetProblem> Problems)[found.Count];
        LabelRules rules = new()
        {
            ClassCount = description.ClassCount,
            SingleClass = options.SingleClass,
            Strictness = options.Strictness,
            Rows = options.Labels.Rows,
            Keypoints = options.Labels.Keypoints ?? description.ReadableKeypoints,
        };
        int done = 0;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Math.Max(1, options.Parallelism), CancellationToken = cancellation };
        Parallel.For(0, found.Count, parallel, i =>
        {
            checks[i] = description.Tree is { } tree
                ? ImageCheck.Check(found[i], tree.ClassOf(split, found[i].Path)!.Value, options.DecodeImages)
                : ImageCheck.Check(found[i], rules, options.DecodeImages);
            progress?.Report(Interlocked.Increment(ref done));
        });
        DatasetImage[] usable = [.. checks.Select(check => check.Image).OfType<DatasetImage>()];
        // A whole image without a class teaches nothing, where an image without a box is a background.
        List<DatasetImage> images =
            [.. usable.Select(image => Select(image, options)).Where(image => !description.HasClassFolders || image.Labels.Count > 0)];
        List<DatasetProblem> problems = [.. OncePerFormat(checks.SelectMany(check => check.Problems))];
        problems.AddRange(loops.Select(link => new DatasetProblem(
            link, null, "the link leads back to a folder that it lies in; it is not followed.", ProblemAction.Kept)));
        problems.InsertRange(0, folders);
        if (!description.HasClassFolders)
            problems.InsertRange(0, DatasetJudge.OfLabels(split, usable, description.File, isWhole: usable.Length == found.Count));
        if (options.Labels.Rows == LabelRowKind.Boxes || options.Strictness == LabelStrictness.DropImage)
            DropMixedPolygons(images, problems, description.File);
        IReadOnlyList<string> names = options.SingleClass ? DatasetOptions.SingleClassNames : options.Mapping?.Names ?? description.Names;
        return new ImageDataset(split, names, images, problems, found.Count + unknown, options.Labels);
    }

    // The first of the images; of those that are sorted by class, the first of each class, so that none vanishes.
    private static ImageList.Entry[] Part(IReadOnlyList<ImageList.Entry> images, double fraction, ClassFolderTree? tree, string split)
    {
        IEnumerable<ImageList.Entry> First(IReadOnlyCollection<ImageList.Entry> all) =>
            all.Take(Math.Max(1, (int)Math.Round(all.Count * fraction)));
        return tree is null
            ? [.. First(images)]
            : [.. images.GroupBy(entry => tree.ClassOf(split, entry.Path)).SelectMany(group => First([.. group]))];
    }

    /// <summary>Images per class id, and boxes per class id.</summary>
    public (IReadOnlyList<int> Images, IReadOnlyList<int> Instances) CountClasses()
    {
        int[] images = new int[ClassCount], instances = new int[ClassCount];
        foreach (DatasetImage image in Images)
        {
            foreach (float id in image.Labels.Classes) instances[(int)id]++;
            foreach (float id in image.Labels.Classes.Distinct()) images[(int)id]++;
        }
        return (images, instances);
    }

    /// <summary>These images and those of another dataset behind them, whose class ids mean the same.</summary>
    public ImageDataset Followed(ImageDataset other)
    {
        List<DatasetImage> images = [.. Images, .. other.Images];
        List<DatasetProblem> problems = [.. Problems, .. other.Problems];
        if (Labels.Rows == LabelRowKind.Boxes) DropMixedPolygons(images, problems, Split);
        return new ImageDataset(Split, Names, images, problems, ImagesFound + other.ImagesFound, Labels);
    }

    private static DatasetImage Select(DatasetImage image, DatasetOptions options)
    {
        LabelSet labels = image.Labels;
        if (options.Mapping is { IsIdentity: false } mapping)
            labels = labels with { Classes = [.. labels.Classes.Select(id => (float)mapping.Ids[(int)id])] };
        bool isPartial = options.Mapping?.Unknown.Any() ?? false;
        if (isPartial || options.Classes is not null)
        {
            int[] kept = [.. Enumerable.Range(0, labels.Count)
                .Where(i => labels.Classes[i] >= 0 && (options.Classes?.Contains((int)labels.Classes[i]) ?? true))];
            labels = labels.Select(kept);
        }
        if (options.SingleClass) labels = labels with { Classes = new float[labels.Count] };
        return ReferenceEquals(labels, image.Labels) ? image : image with { Labels = labels };
    }

    // A thousand files of a format that is not read are one problem.
    private static IEnumerable<DatasetProblem> OncePerFormat(IEnumerable<DatasetProblem> problems)
    {
        HashSet<string> told = [];
        DatasetProblem[] all = [.. problems];
        ILookup<string, DatasetProblem> formats =
            all.Where(problem => ImageFormats.IsReason(problem.Reason)).ToLookup(problem => problem.Reason);
        foreach (DatasetProblem problem in all)
        {
            int count = formats[problem.Reason].Count();
            if (count > 1 && !told.Add(problem.Reason)) continue;
            yield return count <= 1 ? problem
                : problem with { Reason = FormattableString.Invariant($"{count} images are of this kind: {problem.Reason}") };
        }
    }

    // As in the reference: outlines for only some of the boxes would make two kinds of objects of one, so all are left out.
    private static void DropMixedPolygons(List<DatasetImage> images, List<DatasetProblem> problems, string file)
    {
        int outlined = images.Count(image => image.Labels.Polygons is not null);
        int labelled = images.Count(image => image.Labels.Count > 0);
        if (outlined == 0 || outlined == labelled) return;
        problems.Add(new DatasetProblem(
            file, null, FormattableString.Invariant($"{outlined} of {labelled} labelled images have polygons; the others have boxes only."),
            ProblemAction.PolygonsDropped));
        for (int i = 0; i < images.Count; i++)
            images[i] = images[i] with { Labels = images[i].Labels with { Polygons = null } };
    }
}
