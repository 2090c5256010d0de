using YoloTune.Basics;
using YoloTune.Data.Labels;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>The keypoints that all sources of a conversion have in common.</summary>
internal static class KeypointLayout
{
    private const string Left = "left", Right = "right";

    /// <summary>The keypoints of the dataset.</summary>
    /// <param name="sets">What the sources hold.</param>
    /// <param name="names">The classes by id.</param>
    /// <param name="path">The first source, for messages.</param>
    /// <exception cref="DatasetException">There are none, or objects have different numbers of them.</exception>
    public static KeypointShape Of(IReadOnlyList<AnnotationSet> sets, IReadOnlyList<string> names, string path)
    {
        int[] counts =
        [
            .. sets.SelectMany(set => set.Images).SelectMany(image => image.Boxes).Select(box => box.Keypoints)
                .OfType<double[]>().Select(points => points.Length / KeypointShape.Values).Distinct().Order(),
        ];
        if (counts.Length == 0)
        {
            throw new DatasetException(
                "the annotations have no keypoints.", path,
                remedy: "Leave -Task away for boxes, or give COCO files with keypoints or LabelMe files with points.");
        }
        if (counts.Length > 1)
        {
            throw new DatasetException(
                $"objects have different numbers of keypoints: {string.Join(", ", counts)}.", path,
                remedy: "Convert the classes with one number of keypoints each into a dataset of their own, with -ClassName.");
        }
        Dictionary<int, IReadOnlyList<string>> byClass = [];
        for (int id = 0; id < names.Count; id++)
        {
            if (sets.Select(set => set.KeypointNames.GetValueOrDefault(names[id]))
                .FirstOrDefault(list => list?.Count == counts[0]) is { } list)
                byClass[id] = list;
        }
        return new(counts[0], KeypointShape.Values) { Names = byClass, FlipIndex = Mirrored(byClass.Values) };
    }

    /// <summary>
    /// The keypoint that takes each one's place in a mirrored image, by the words left and right in their names; null where the names say
    /// nothing of sides, or classes differ.
    /// </summary>
    private static int[]? Mirrored(IEnumerable<IReadOnlyList<string>> lists)
    {
        int[][] found = [.. lists.Select(Mirror).OfType<int[]>()];
        return found.Length > 0 && found.Length == lists.Count() && found.All(list => list.SequenceEqual(found[0])) ? found[0] : null;
    }

    private static int[]? Mirror(IReadOnlyList<string> names)
    {
        string[] lower = [.. names.Select(name => name.ToLowerInvariant())];
        int[] index = [.. Enumerable.Range(0, lower.Length)];
        bool sides = false;
        for (int k = 0; k < lower.Length; k++)
        {
            bool left = lower[k].Contains(Left, StringComparison.Ordinal), right = lower[k].Contains(Right, StringComparison.Ordinal);
            if (left == right) continue;
            string other = left
                ? lower[k].Replace(Left, Right, StringComparison.Ordinal)
                : lower[k].Replace(Right, Left, StringComparison.Ordinal);
            int at = Array.IndexOf(lower, other);
            if (at < 0) return null;
            index[k] = at;
            sides = true;
        }
        return sides ? index : null;
    }
}
