using YoloTune.Basics;

namespace YoloTune.Data;

/// <summary>
/// Decides what keeps a dataset from being trained on. Test-YoloDataset reports it and training acts on it, so that a set which the one
/// calls good is one that the other takes.
/// </summary>
internal static class DatasetJudge
{
    /// <summary>What is wrong with the description: class names that stand twice, and splits that training needs.</summary>
    /// <param name="description">The dataset.</param>
    /// <param name="validates">Whether training measures on val after each epoch.</param>
    public static IEnumerable<DatasetProblem> OfDescription(DatasetDescription description, bool validates = true)
    {
        if (OfKeypoints(description) is { } keypoints) yield return keypoints;
        foreach (DatasetProblem problem in description.Problems) yield return problem;
        foreach (var twice in description.Names.Select((name, id) => (Name: name, Id: id))
            .GroupBy(entry => entry.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            string ids = string.Join(" and ", twice.Select(entry => FormattableString.Invariant($"{entry.Id}")));
            yield return new(
                description.File, null, $"the classes {ids} have one name, '{twice.Key}', so that results cannot tell them apart. "
                + "Give each class its own name.", ProblemAction.Refused);
        }
        foreach (string split in (string[])["train", "val"])
        {
            if (description.HasSplit(split) || (split == "val" && !validates)) continue;
            UnreadKey? key = description.Unread.GetValueOrDefault(split);
            string without = split == "val" && key is null ? " Training without one needs -NoValidation." : "";
            yield return new(
                description.File, key?.Line, $"{description.Missing(split)} {description.RemedyFor(split)}{without}",
                ProblemAction.SplitUnusable);
        }
    }

    /// <summary>Requires that a dataset has what a task learns from: boxes, or a class for each image as a whole.</summary>
    /// <param name="description">The dataset.</param>
    /// <param name="labels">What the task needs.</param>
    /// <param name="model">The model, for the message.</param>
    /// <exception cref="DatasetException">It has the other.</exception>
    public static void RequireKind(DatasetDescription description, TaskLabels labels, string model)
    {
        if (description.HasClassFolders == labels.WholeImages) return;
        throw labels.WholeImages
            ? new DatasetException($"the dataset has boxes, and {model} classifies images as a whole.", description.File,
                remedy: "Give a folder with a folder per class in it (train/cat, train/dog, val/cat, val/dog), "
                    + "or take a detection model such as yolo11n.pt.")
            : new DatasetException($"the dataset has a folder per class and no boxes, and {model} predicts objects.", description.File,
                remedy: "Give the YAML file of a dataset with label files, or take a classification model such as yolo11n-cls.");
    }

    /// <summary>
    /// What is wrong with kpt_shape, flip_idx and kpt_names; null when nothing is. It keeps only pose models from training.
    /// </summary>
    private static DatasetProblem? OfKeypoints(DatasetDescription description)
    {
        try
        {
            _ = description.Keypoints;
            return null;
        }
        catch (DatasetException error)
        {
            int? line = error.Position is { } place && int.TryParse(place.AsSpan(place.LastIndexOf(' ') + 1), out int number)
                ? number
                : null;
            return new(error.File ?? description.File, line, $"{error.Reason} {error.Remedy}", ProblemAction.Kept);
        }
    }

    /// <summary>What a split that cannot be opened costs: those that training needs make the set unusable, others are left out.</summary>
    public static DatasetProblem OfSplit(string split, DatasetException error, DatasetDescription description) => new(
        error.File ?? description.File, null, error.Remedy is null ? error.Reason : $"{error.Reason} {error.Remedy}",
        IsNeeded(split) ? ProblemAction.SplitUnusable : ProblemAction.Kept);

    /// <summary>Whether a split of usable images can teach or measure anything, and which label files lie there unread.</summary>
    /// <param name="split">The split.</param>
    /// <param name="images">Its usable images, as their label files have them.</param>
    /// <param name="file">The description.</param>
    /// <param name="isWhole">Whether no image was dropped; those that were have problems of their own.</param>
    public static IEnumerable<DatasetProblem> OfLabels(string split, IReadOnlyList<DatasetImage> images, string file, bool isWhole)
    {
        if (images.Count == 0) yield break;
        bool hasBoxes = images.Any(image => image.Labels.Count > 0);
        UnreadLabels unread = UnreadLabels.Of(images, anyFormat: !images.Any(image => image.HasLabelFile));
        if (!hasBoxes && isWhole)
        {
            int files = images.Count(image => image.HasLabelFile);
            string found = files == 0
                ? $"no image of the split '{split}' has a label: {unread.Looked}."
                : FormattableString.Invariant(
                    $"no image of the split '{split}' has a box: {files} of {images.Count} label files are there, all of them empty.");
            yield return new(
                file, null, found + unread.Explain(),
                IsNeeded(split) ? ProblemAction.SplitUnusable : unread.Count > 0 ? ProblemAction.NotRead : ProblemAction.Kept);
        }
        else if (unread.Count > 0)
        {
            yield return new(
                unread.First!, null, FormattableString.Invariant(
                    $"{unread.Count} of {images.Count} images of the split '{split}' count as backgrounds.") + unread.Explain(),
                ProblemAction.NotRead, unread.FirstImage);
        }
    }

    private static bool IsNeeded(string split) => split is "train" or "val";

    /// <summary>What to do about labels that are all boxes.</summary>
    public const string OutlineRemedy =
        "Label the objects with polygons or, for oriented boxes, with four corners; or train a detection model on these boxes.";

    /// <summary>The fault of a split whose task needs outlines and whose labels are all boxes; null when it has none.</summary>
    public static DatasetProblem? OfOutlines(ImageDataset dataset, string file)
    {
        int boxes = dataset.Images.Sum(image => image.Labels.BoxRows);
        if (boxes == 0 || dataset.Images.Any(image => image.Labels.Polygons is not null && image.Labels.BoxRows < image.Labels.Count))
            return null;
        return new(file, null, FormattableString.Invariant(
            $"all {boxes} labels of the split '{dataset.Split}' are boxes, and the task needs outlines."), ProblemAction.SplitUnusable);
    }
}
