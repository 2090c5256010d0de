using YoloTune.Data;
using YoloTune.DatasetTools.Checks;
using YoloTune.Evaluation;

namespace YoloTune.DatasetTools.Sheets;

/// <summary>Images with findings: the problems and near copies that Test-YoloDataset reports, and boxes that lie on each other.</summary>
internal static class SuspectImages
{
    private const double SamePlace = 0.85;

    /// <summary>The images with findings, the most first, each with its reasons.</summary>
    /// <param name="images">All images.</param>
    /// <param name="report">What Test-YoloDataset reports.</param>
    public static IReadOnlyList<SheetImage> Of(IReadOnlyList<SheetImage> images, DatasetReport report)
    {
        Dictionary<string, SheetImage> known = images.DistinctBy(image => image.Image.Path)
            .ToDictionary(image => image.Image.Path, StringComparer.Ordinal);
        Dictionary<string, List<string>> reasons = new(StringComparer.Ordinal);
        foreach (DatasetProblem problem in report.Problems.Where(problem => problem.Image is not null))
        {
            string line = problem.Line is { } number ? FormattableString.Invariant($"line {number}: ") : "";
            Add(problem.Image!, line + problem.Reason.TrimEnd('.'));
        }
        foreach (DuplicateImage copy in report.Duplicates)
        {
            Add(copy.FirstPath, $"also in {copy.SecondSplit}, {Path.GetFileName(copy.SecondPath)}");
            Add(copy.SecondPath, $"also in {copy.FirstSplit}, {Path.GetFileName(copy.FirstPath)}");
        }
        foreach (SheetImage image in known.Values)
        {
            foreach (string reason in SamePlaces(image.Objects)) Add(image.Image.Path, reason);
        }
        return
        [
            .. reasons.OrderByDescending(entry => entry.Value.Count).ThenBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => (known.GetValueOrDefault(entry.Key)
                    ?? new SheetImage("", new(entry.Key, 0, 0, Data.Labels.LabelSet.Empty, false), []))
                    with { Reason = string.Join("; ", entry.Value.Distinct()) }),
        ];

        void Add(string path, string reason)
        {
            if (!reasons.TryGetValue(path, out List<string>? list)) reasons[path] = list = [];
            list.Add(reason);
        }
    }

    private static IEnumerable<string> SamePlaces(IReadOnlyList<ImageObject> objects)
    {
        for (int i = 0; i < objects.Count; i++)
        {
            for (int k = i + 1; k < objects.Count; k++)
            {
                if (objects[i].IsWhole || OutlineOverlap.Of(objects[i], objects[k]) < SamePlace) continue;
                yield return objects[i].ClassId == objects[k].ClassId
                    ? $"two boxes of {objects[i].ClassName} in one place"
                    : $"{objects[i].ClassName} and {objects[k].ClassName} in one place";
            }
        }
    }
}
