using YoloTune.Data;


namespace YoloTune.DatasetTools.Checks;

/// <summary>Finds images that stand in two splits.</summary>
internal static class DuplicateSearch
{
    /// <summary>For each image of a later split the likest one of an earlier split, where one is like enough.</summary>
    /// <param name="images">Images with their splits, split by split.</param>
    /// <param name="distance">The most bits by which hashes may differ.</param>
    /// <param name="cancellation">Stops the search.</param>
    public static DuplicateImage[] Find(IReadOnlyList<(string Split, string Path)> images, int distance, CancellationToken cancellation)
    {
        if (images.Select(image => image.Split).Distinct().Count() < 2) return [];
        IReadOnlyList<ImageFingerprint> prints =
            ImageFingerprint.Read([.. images.Select(image => image.Path)], distance > 0, cancellation: cancellation);
        return [.. SimilarImages.Pairs(prints, distance, (first, second) => images[first].Split != images[second].Split, cancellation)
            .GroupBy(pair => pair.Second)
            .Select(pairs => pairs.MinBy(pair => (pair.Distance, pair.First)))
            .OrderBy(pair => pair.First).ThenBy(pair => pair.Second)
            .Select(pair => new DuplicateImage(
                images[pair.First].Split, images[pair.First].Path, images[pair.Second].Split, images[pair.Second].Path, pair.Distance))];
    }

    /// <summary>The same as problems: one for each image, and one for all images that two splits share.</summary>
    public static IEnumerable<DatasetProblem> Problems(IReadOnlyList<DuplicateImage> duplicates, string file)
    {
        foreach (var shared in duplicates.Where(pair => pair.FirstPath == pair.SecondPath)
            .GroupBy(pair => (pair.FirstSplit, pair.SecondSplit)))
        {
            string splits = $"the splits {shared.Key.FirstSplit} and {shared.Key.SecondSplit}";
            string first = shared.First().FirstPath;
            yield return new(
                file, null, FormattableString.Invariant($"{splits} share {shared.Count()} images, the first is '{first}'."),
                ProblemAction.Kept);
        }
        foreach (DuplicateImage pair in duplicates.Where(pair => pair.FirstPath != pair.SecondPath))
        {
            string how = pair.IsExact ? "the same file stands"
                : FormattableString.Invariant($"nearly the same picture ({pair.Distance} of {ImageHash.Bits} bits differ) stands");
            yield return new(pair.SecondPath, null, $"{how} in {pair.FirstSplit}, and here in {pair.SecondSplit}: '{pair.FirstPath}'.",
                ProblemAction.Kept, pair.SecondPath);
        }
    }
}
