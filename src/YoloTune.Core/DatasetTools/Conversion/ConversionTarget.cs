using YoloTune.Basics;
using YoloTune.Data;
using YoloTune.Data.Labels;
using YoloTune.DatasetTools.Writing;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>The dataset that a conversion makes or adds to: its classes and its YAML.</summary>
internal static class ConversionTarget
{
    private const string Comment = "# Converted from";

    /// <summary>The dataset that is there already, or null.</summary>
    public static DatasetDescription? Load(string root)
    {
        string file = Path.Combine(root, "data.yaml");
        return File.Exists(file) ? DatasetDescription.Load(file) : null;
    }

    /// <summary>Asks whether the dataset's YAML may be written: one that this command has not written only with -Force.</summary>
    /// <exception cref="DatasetException">It may not.</exception>
    public static void RequireYaml(DatasetDescription? existing, bool force)
    {
        if (existing is null || force) return;
        if (TextFile.ReadLines(existing.File).FirstOrDefault()?.StartsWith(Comment, StringComparison.Ordinal) == true) return;
        throw new DatasetException(
            "this description was not written by a conversion, and adding a split would replace it.", existing.File,
            remedy: "Give another -Destination, or -Force to replace it.");
    }

    /// <summary>
    /// The class names by id: those asked for; otherwise those of the dataset that is there and behind them the new ones; otherwise those
    /// of the annotations, in the order of ids for COCO and of the alphabet for the others.
    /// </summary>
    public static IReadOnlyList<string> Classes(
        ConversionOptions options, IReadOnlyList<AnnotationSet> sets, DatasetDescription? existing, IReadOnlyList<string> splits)
    {
        IEnumerable<string> found = sets.SelectMany(set => set.Classes).Distinct();
        if (sets.All(set => set.Format != AnnotationFormat.Coco)) found = found.Order(StringComparer.Ordinal);
        // Labels of splits that stay rely on the ids they were written with.
        bool others = existing?.SplitNames.Any(split => !splits.Contains(split)) ?? false;
        IReadOnlyList<string> kept = others ? existing!.Names : [];
        if (options.ClassNames.Count == 0)
        {
            string[] names = [.. kept.Concat(found).Distinct()];
            SkippedItem[] skipped = [.. sets.SelectMany(set => set.Skipped)];
            return names.Length > 0 ? names : throw SkipSummary.Error(
                skipped.Length > 0 ? "no annotation can be used" : "the annotations hold no class", options.Sources[0].Path, skipped,
                skipped.Length > 0
                    ? "Correct the annotations." : "Name the classes with -ClassName to make a dataset of backgrounds.");
        }
        string[] given = [.. options.ClassNames.Select(name => name.Trim())];
        if (given.GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1 || group.Key.Length == 0) is { } twice)
            throw new SelectionException($"the class name '{twice.Key}' is given twice or empty.", remedy: "Give each class one name.");
        if (!kept.SequenceEqual(given.Take(kept.Count)))
        {
            throw new SelectionException(
                $"the dataset in '{existing!.File}' has the classes {string.Join(", ", kept)}, and its other splits rely on their order.",
                remedy: "Begin -ClassName with these, or choose another -Destination.");
        }
        HashSet<string> known = new(found, StringComparer.OrdinalIgnoreCase);
        if (given.Any(known.Contains)) return given;
        throw new SelectionException(
            $"none of the classes {string.Join(", ", given)} is in the annotations.",
            remedy: known.Count == 0 && sets.Any(set => set.Skipped.Count > 0)
                ? "No annotation can be used: " + SkipSummary.Of(sets.SelectMany(set => set.Skipped))
                : known.Count > 0 ? $"They have {string.Join(", ", found.Take(20))}." : "They have none.");
    }

    /// <summary>The YAML: the splits that were there and the new ones, in the usual order.</summary>
    public static string Describe(
        string yaml, DatasetDescription? existing, IReadOnlyList<string> splits, IReadOnlyList<string> names,
        IReadOnlyList<AnnotationSet> sets, KeypointShape? keypoints = null)
    {
        string folder = Path.GetDirectoryName(yaml)!;
        IEnumerable<(string, IReadOnlyList<string>)> all = DatasetConverter.SplitNames
            .Where(split => splits.Contains(split) || existing?.HasSplit(split) == true)
            .Select(split => (split, (IReadOnlyList<string>)(splits.Contains(split)
                ? ["images/" + split]
                : [.. existing!.PathsOf(split).Select(path => DatasetYamlText.PathBelow(folder, path))])));
        return DatasetYamlText.Compose($"{Comment[2..]} {string.Join(", ", sets.Select(set => set.Format).Distinct())}", all, names,
            keypoints ?? existing?.Keypoints);
    }
}
