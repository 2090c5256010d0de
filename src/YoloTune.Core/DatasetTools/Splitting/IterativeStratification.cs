using YoloTune.Basics;

namespace YoloTune.DatasetTools.Splitting;

/// <summary>
/// Divides examples with several labels each so that every part has its share of every label: the rarest label is dealt out first, each of
/// its examples to the part that still wants most of that label, then most examples at all.
/// </summary>
/// <remarks>
/// Sechidis, Tsoumakas and Vlahavas, "On the stratification of multi-label data", ECML PKDD 2011, algorithm 1. An example is here a group
/// of images that have to stay together, so that it weighs as many images as it holds; larger groups are dealt out first.
/// </remarks>
public static class IterativeStratification
{
    /// <summary>The part of each group.</summary>
    /// <param name="groups">For each group the number of its images that have each label, and its number of images.</param>
    /// <param name="labelCount">Number of labels.</param>
    /// <param name="shares">The fraction of each part; they add up to 1.</param>
    /// <param name="random">Decides the order of equal groups and ties between parts.</param>
    public static int[] Assign(
        IReadOnlyList<(IReadOnlyDictionary<int, int> Labels, int Images)> groups, int labelCount, IReadOnlyList<double> shares,
        RandomStream random)
    {
        double[] wanted = [.. shares.Select(share => share * groups.Sum(group => group.Images))];
        int[] totals = new int[labelCount], left = new int[labelCount];
        foreach (var (labels, _) in groups)
        {
            foreach ((int label, int count) in labels) (totals[label], left[label]) = (totals[label] + count, left[label] + 1);
        }
        double[][] wantedOf = [.. totals.Select(total => shares.Select(share => share * total).ToArray())];
        int[] parts = [.. Enumerable.Repeat(-1, groups.Count)];
        int[] order = [.. random.Permutation(groups.Count).OrderByDescending(group => groups[group].Images)];
        while (Rarest(left) is { } rarest)
        {
            foreach (int group in order.Where(group => parts[group] < 0 && groups[group].Labels.ContainsKey(rarest)))
                Deal(group, Choose(wantedOf[rarest]));
        }
        foreach (int group in order.Where(group => parts[group] < 0)) Deal(group, Choose(wanted));
        return parts;

        void Deal(int group, int part)
        {
            parts[group] = part;
            wanted[part] -= groups[group].Images;
            foreach ((int label, int count) in groups[group].Labels)
            {
                wantedOf[label][part] -= count;
                left[label]--;
            }
        }

        int Choose(double[] first)
        {
            double most = first.Max();
            int[] best = [.. Enumerable.Range(0, shares.Count).Where(part => shares[part] > 0 && first[part] == most)];
            if (best.Length == 0) best = [.. Enumerable.Range(0, shares.Count).Where(part => shares[part] > 0)];
            double mostImages = best.Max(part => wanted[part]);
            best = [.. best.Where(part => wanted[part] == mostImages)];
            return best.Length == 1 ? best[0] : best[random.Next(best.Length)];
        }
    }

    private static int? Rarest(int[] left)
    {
        int rarest = -1;
        for (int label = 0; label < left.Length; label++)
        {
            if (left[label] > 0 && (rarest < 0 || left[label] < left[rarest])) rarest = label;
        }
        return rarest < 0 ? null : rarest;
    }
}
