using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.DatasetTools.Checks;
using YoloTune.Drawing;
using YoloTune.Evaluation;
using YoloTune.Tasks;

namespace YoloTune.DatasetTools.Sheets;

/// <summary>Draws contact sheets of the labelled images of a dataset, and what its labels look like together.</summary>
internal static class DatasetSheets
{
    private const int PerSheet = 20;

    /// <summary>Draws into a folder.</summary>
    /// <param name="description">The dataset.</param>
    /// <param name="options">Which images.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="cancellation">Stops between two sheets.</param>
    /// <exception cref="DatasetException">A split is not there, or nothing in it can be used.</exception>
    public static void Draw(
        DatasetDescription description, DatasetSheetOptions options, PictureFolder folder, CancellationToken cancellation = default)
    {
        ImageDataset[] splits =
        [
            .. (options.Splits ?? [.. description.SplitNames]).Select(split => ImageDataset.Inspect(
                description, split, new DatasetOptions { Labels = description.OwnLabels }, null, cancellation)),
        ];
        if (splits.Length == 0)
            throw new DatasetException("the dataset has no split.", description.File, remedy: "Add a line 'train: <folder>'.");
        LabelRowKind rows = KindOf(description, splits);
        SheetImage[] images =
        [
            .. splits.SelectMany(split => split.Images.Select(image => new SheetImage(
                split.Split, image, LabelObjects.Of(image, description.Names, rows, description.HasClassFolders))))
                    .DistinctBy(image => image.Image.Path),
        ];
        Dictionary<int, int> instances = images.SelectMany(image => image.Objects).GroupBy(item => item.ClassId)
            .ToDictionary(group => group.Key, group => group.Count());
        folder.AddInputs(images.Select(image => image.Image.Path));
        IReadOnlyList<SheetImage> sorted = options.Sort == DatasetSort.Suspect
            ? SuspectImages.Of(images, DatasetChecker.Check(description, cancellation: cancellation))
            : images;
        if (sorted.Count == 0 && options.Sort != DatasetSort.Suspect)
            throw new DatasetException("none of its images can be used.", description.File,
                remedy: "Run Test-YoloDataset to see every problem.");
        bool named = splits.Length > 1;
        foreach (int? id in options.Classes?.Select(id => (int?)id) ?? [null])
        {
            IReadOnlyList<SheetImage> shown = SheetOrder.First(sorted, options.Sort, options.Count, id, instances);
            if (shown.Count == 0) continue;
            SheetLayout layout = new()
            {
                Title = Title(description, options, id, shown.Count, sorted),
                Legend = ClassPalette.Legend(shown.SelectMany(image => image.Objects)),
                Lines = YoloTask.LinesBetween,
            };
            ImageSheets.Save([.. shown.Select(image => Tile(image, named))], layout, PerSheet, folder, Name(description, options, id),
                cancellation);
        }
        folder.Draw("labels.jpg", path => Plot(images, description, path));
    }

    /// <summary>What the rows hold, as far as the rows themselves tell.</summary>
    private static LabelRowKind KindOf(DatasetDescription description, IEnumerable<ImageDataset> splits)
    {
        if (description.HasClassFolders) return LabelRowKind.Boxes;
        if (description.ReadableKeypoints is not null) return LabelRowKind.Keypoints;
        int[] points = [.. splits.SelectMany(split => split.Images).SelectMany(image => image.Labels.Polygons ?? [])
            .Select(outline => outline.Length / 2)];
        return points.Length == 0 ? LabelRowKind.Boxes : points.All(count => count == 4) ? LabelRowKind.Corners : LabelRowKind.Polygons;
    }

    private static PictureTile Tile(SheetImage image, bool withSplit)
    {
        string name = Path.GetFileName(image.Image.Path);
        if (withSplit && image.Split.Length > 0) name = $"{image.Split}/{name}";
        string text = image.Reason.Length > 0 ? image.Reason
            : image.Objects.Count == 0 ? "background"
            : string.Join(", ", image.Objects.GroupBy(item => item.ClassName).OrderByDescending(group => group.Count())
                .Select(group => image.Objects[0].IsWhole ? group.Key : FormattableString.Invariant($"{group.Count()} {group.Key}")));
        return new(image.Image.Path, $"{name}: {text}", [new(image.Objects, Focus: image.Focus)]);
    }

    private static string Name(DatasetDescription description, DatasetSheetOptions options, int? id)
    {
        string sort = options.Sort == DatasetSort.Sample ? "images" : options.Sort.ToString().ToLowerInvariant();
        if (id is not { } known) return sort;
        char[] bad = Path.GetInvalidFileNameChars();
        string name = string.Concat(description.Names[known].Select(letter => bad.Contains(letter) || letter is '/' or '\\' or ':'
            ? '_' : letter));
        return FormattableString.Invariant($"{sort}_{known}_{name}");
    }

    private static string Title(DatasetDescription description, DatasetSheetOptions options, int? id, int shown,
        IReadOnlyList<SheetImage> images)
    {
        int all = id is { } known ? images.Count(image => image.Objects.Any(item => item.ClassId == known)) : images.Count;
        string order = options.Sort == DatasetSort.Sample ? "" : $", {options.Sort.ToString().ToLowerInvariant()} first";
        string of = id is { } named ? $" with {description.Names[named]}" : "";
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(description.Root));
        return FormattableString.Invariant($"{name}: {shown} of {Counted.Of(all, "image")}{of}{order}");
    }

    private static void Plot(IReadOnlyList<SheetImage> images, DatasetDescription description, string path)
    {
        int[] ids = [.. images.SelectMany(image => image.Objects).Select(item => item.ClassId)];
        if (description.HasClassFolders)
        {
            LabelPlot.SaveClasses(ids, description.Names, path);
            return;
        }
        LabelBox[] boxes = [.. images.SelectMany(image => image.Image.Labels.Boxes)];
        LabelPlot.Save(
            new LabelStatistics(
                ids, [.. boxes.Select(box => (double)box.X)], [.. boxes.Select(box => (double)box.Y)],
                [.. boxes.Select(box => (double)box.Width)], [.. boxes.Select(box => (double)box.Height)], description.Names),
            path);
    }
}
