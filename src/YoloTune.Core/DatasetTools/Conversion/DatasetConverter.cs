using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.DatasetTools.Writing;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>
/// Makes a dataset in YOLO layout of annotations in COCO, VOC, LabelMe or DOTA format. Everything is read and checked before the first file
/// stands in its place; a conversion that fails leaves the destination as it was.
/// </summary>
public static class DatasetConverter
{
    /// <summary>Names of splits that a dataset may have.</summary>
    public static IReadOnlyList<string> SplitNames { get; } = ["train", "val", "test", "minival"];

    /// <summary>The split that the name of a file or folder tells: instances_val2017.json is val; null when it tells none.</summary>
    public static string? SplitOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path)).ToLowerInvariant();
        string[] words = string.Concat(name.Select(letter => char.IsAsciiLetter(letter) ? letter : ' '))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] splits = [.. words.Select(word => word is "valid" or "validation" ? "val" : word).Where(SplitNames.Contains).Distinct()];
        return splits.Length == 1 ? splits[0] : null;
    }

    /// <summary>
    /// The split that annotations become when none is asked for: the one that the name of a folder or of a COCO file tells, otherwise
    /// train. The file of a single image tells none: it may show a train.
    /// </summary>
    /// <param name="path">The annotations.</param>
    /// <param name="format">Their format; null finds it out.</param>
    public static string DefaultSplit(string path, AnnotationFormat? format)
    {
        // Detecting the format reads the file, which may be large: only a name that tells a split is worth it.
        if (SplitOf(path) is not { } split) return "train";
        try
        {
            bool tells = Directory.Exists(path) || (format ?? FormatDetector.Detect(path)) == AnnotationFormat.Coco;
            return tells ? split : "train";
        }
        catch (DatasetException)
        {
            // The conversion will say what is wrong.
            return "train";
        }
    }

    /// <summary>Converts annotations.</summary>
    /// <param name="options">What, and where to.</param>
    /// <param name="progress">Told the number of images written so far, and of all.</param>
    /// <param name="cancellation">Stops the conversion; nothing is left behind.</param>
    /// <exception cref="DatasetException">Annotations cannot be read, no image was found, or the split is there already.</exception>
    /// <exception cref="SelectionException">The class names do not fit.</exception>
    public static ConversionResult Convert(
        ConversionOptions options, IProgress<(int Done, int Total)>? progress = null, CancellationToken cancellation = default)
    {
        string root = Path.GetFullPath(options.Destination);
        string[] splits = [.. options.Sources.Select(source => source.Split).Distinct()];
        if (splits.FirstOrDefault(split => !SplitNames.Contains(split)) is { } unknown)
            throw new SelectionException(
                $"there is no split '{unknown}' in the YOLO layout.", remedy: $"Take one of {string.Join(", ", SplitNames)}.");
        DatasetDescription? existing = ConversionTarget.Load(root);
        if (!options.Force && DatasetStage.Existing(root, splits).FirstOrDefault() is { } taken)
        {
            throw new DatasetException(
                $"the dataset has a split '{taken}' already.", root,
                remedy: "Give another -Destination or -Split, or -Force to replace the split.");
        }
        ConversionTarget.RequireYaml(existing, options.Force);
        ReplacedFolders replaced = new(root, splits);
        replaced.RequireOutside(options.Sources.Select(source => source.Path).Concat(options.ImagePaths));
        AnnotationSet[] sets = [.. options.Sources.Select(source => Read(source, options, cancellation))];
        IReadOnlyList<string> names = ConversionTarget.Classes(options, sets, existing, splits);
        Dictionary<string, int> ids = new(StringComparer.OrdinalIgnoreCase);
        // Names that differ in their case only are two classes unless one of them was asked for.
        if (options.ClassNames.Count == 0) ids = new(StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++) ids[names[i]] = i;

        try
        {
            KeypointShape? keypoints =
                options.Rows == LabelRowKind.Keypoints ? KeypointLayout.Of(sets, names, options.Sources[0].Path) : null;
            using DatasetStage stage = new(root);
            ImagePreparation preparation = new(
                ids.ContainsKey, isSelection: options.ClassNames.Count > 0, keepsOutside: options.Rows == LabelRowKind.Corners);
            ImageCollector collector = new(options, preparation, stage, cancellation);
            List<(string Split, PreparedImage[] Images)> prepared = [];
            foreach (string split in splits)
            {
                var sources = options.Sources.Zip(sets).Where(pair => pair.First.Split == split).ToArray();
                prepared.Add((split, collector.Collect(sources)));
            }
            collector.RequireImages(sets);
            replaced.RequireFiles(sets.SelectMany(set => set.Images).Select(image => image.File)
                .Concat(prepared.SelectMany(split => split.Images).Select(image => image.Path)));
            int done = 0, total = prepared.Sum(split => split.Images.Length);
            List<ConvertedSplit> written = [];
            foreach ((string split, PreparedImage[] images) in prepared)
            {
                Write(split, images, box => Row(ids[box.Class], box, options, keypoints), options, stage,
                    () => progress?.Report((++done, total)), cancellation);
                int boxes = images.Sum(image => image.Boxes.Count), backgrounds = images.Count(image => image.Boxes.Count == 0);
                written.Add(new(split, images.Length, boxes, backgrounds));
            }
            string yaml = existing?.File ?? Path.Combine(root, "data.yaml");
            stage.Commit(splits, yaml, ConversionTarget.Describe(yaml, existing, splits, names, sets, keypoints));
            return new ConversionResult
            {
                Path = yaml,
                Formats = sets.Select(set => set.Format).ToArray(),
                Splits = written.ToArray(),
                Classes = names.ToArray(),
                Clipped = preparation.Clipped,
                Rescaled = preparation.Rescaled,
                BoxOutlines = HasOutlines(options) ? prepared.SelectMany(split => split.Images).SelectMany(image => image.Boxes)
                    .Count(box => box.Outline is null) : 0,
                Skipped = sets.SelectMany(set => set.Skipped).Concat(preparation.Skipped).ToArray(),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                "the dataset cannot be written: " + error.Message, root,
                remedy: options.Link
                    ? "Links need a file system, and on Windows a right, that allows them; without -Link images are copied."
                    : "Choose a folder you may write to, with room for the images.", inner: error);
        }
    }

    private static AnnotationSet Read(ConversionSource source, ConversionOptions options, CancellationToken cancellation)
    {
        AnnotationFormat format = options.Format ?? FormatDetector.Detect(source.Path);
        return format switch
        {
            AnnotationFormat.Coco => CocoReader.Read(CocoFile(source.Path), HasOutlines(options)),
            AnnotationFormat.Voc => VocReader.Read(source.Path, options, cancellation),
            AnnotationFormat.Dota => DotaReader.Read(source.Path, options, cancellation),
            _ => LabelMeReader.Read(source.Path, options.Rows, cancellation),
        };
    }

    private static string CocoFile(string path)
    {
        string[] files = [.. AnnotationFiles.In(path, ".json")];
        return files.Length == 1 ? files[0] : throw new DatasetException(
            FormattableString.Invariant($"the folder holds {files.Length} JSON files, and COCO is one a split."), path,
            remedy: "Give the JSON file of each split.");
    }

    private static void Write(
        string split, PreparedImage[] images, Func<PreparedBox, string> row, ConversionOptions options, DatasetStage stage, Action done,
        CancellationToken cancellation)
    {
        ImageNames names = new();
        stage.Open(split);
        foreach (PreparedImage image in images)
        {
            cancellation.ThrowIfCancellationRequested();
            string name = names.For(image.Path, image.Format), target = stage.Image(split, name);
            if (image.Path.StartsWith(stage.Scratch, StringComparison.Ordinal)) AtomicFile.Move(image.Path, target);
            else if (options.Link) File.CreateSymbolicLink(target, LinkTarget(image.Path, stage));
            else DatasetStage.Copy(image.Path, target);
            File.WriteAllText(
                stage.Label(split, name), string.Concat(image.Boxes.Select(box => row(box) + "\n")));
            done();
        }
    }

    private static bool HasOutlines(ConversionOptions options) => options.Rows is LabelRowKind.Polygons or LabelRowKind.Corners;

    private static string Row(int id, PreparedBox box, ConversionOptions options, KeypointShape? keypoints) => keypoints is not null
        ? LabelFile.FormatKeypoints(id, box.Box, box.Keypoints ?? new float[keypoints.Count * KeypointShape.Values])
        : HasOutlines(options)
        ? LabelFile.FormatPolygon(id, box.Outline ?? LabelFile.Outline(box.Box))
        : LabelFile.Format(id, box.Box);

    // An image that lies in the split it is linked from would go with the folder that the new split replaces.
    private static string LinkTarget(string path, DatasetStage stage) => !stage.Covers(path) ? path : throw new DatasetException(
        "the image lies in the destination, so that a link cannot stand for it.", path,
        remedy: "Leave -Link out, or give another -Destination.");
}
