using System.Collections.Concurrent;

namespace YoloTune.DatasetTools.Checks;

/// <summary>Finds images that are the same file or nearly the same picture.</summary>
public static class SimilarImages
{
    /// <summary>
    /// Pairs of images: distance 0 for equal files, otherwise the bits by which their hashes differ, at least 1 for files that differ.
    /// </summary>
    /// <param name="prints">The images.</param>
    /// <param name="distance">The most bits that may differ; 0 finds equal files only.</param>
    /// <param name="compare">Whether a pair is of interest; null for all.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <returns>Pairs of positions, the lower first, in order.</returns>
    public static IReadOnlyList<(int First, int Second, int Distance)> Pairs(
        IReadOnlyList<ImageFingerprint> prints, int distance, Func<int, int, bool>? compare = null,
        CancellationToken cancellation = default)
    {
        ConcurrentBag<(int First, int Second, int Distance)> pairs = [];
        Parallel.For(0, prints.Count,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            for (int k = i + 1; k < prints.Count; k++)
            {
                if (compare is not null && !compare(i, k)) continue;
                if (prints[i].Content == prints[k].Content) pairs.Add((i, k, 0));
                else if (distance > 0 && prints[i].Picture is { } first && prints[k].Picture is { } second
                    && first.DistanceTo(second, distance) is { } bits) pairs.Add((i, k, Math.Max(1, bits)));
            }
        });
        return [.. pairs.Order()];
    }

    /// <summary>
    /// The group of each image: images that a chain of pairs joins have the same number, groups are numbered by their first image.
    /// </summary>
    public static int[] Groups(int count, IEnumerable<(int First, int Second, int Distance)> pairs)
    {
        int[] parent = [.. Enumerable.Range(0, count)];
        foreach ((int first, int second, _) in pairs)
        {
            (int a, int b) = (Root(first), Root(second));
            parent[Math.Max(a, b)] = Math.Min(a, b);
        }
        Dictionary<int, int> numbers = [];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int root = Root(i);
            if (!numbers.TryGetValue(root, out int number)) numbers[root] = number = numbers.Count;
            return number;
        })];

        int Root(int i)
        {
            while (parent[i] != i) i = parent[i] = parent[parent[i]];
            return i;
        }
    }
}
