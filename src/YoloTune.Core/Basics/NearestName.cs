namespace YoloTune.Basics;

/// <summary>Finds the name that a mistyped one probably means.</summary>
internal static class NearestName
{
    private const int Limit = 2;

    /// <summary>The name with the smallest edit distance, or null when that is more than two letters.</summary>
    public static string? Of(string name, IEnumerable<string> names)
    {
        (string candidate, int distance) = names.Select(known => (known, Distance(known, name))).MinBy(pair => pair.Item2);
        return distance <= Limit ? candidate : null;
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
