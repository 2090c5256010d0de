using YoloTune.Basics;

namespace YoloTune.Models.Transfer;

/// <summary>Which class of a target takes the learned row of which class of a source.</summary>
/// <param name="Rows">Pairs of target class id and source class id.</param>
/// <param name="Warnings">Near misses: target names without a partner that almost equal a source name.</param>
public sealed record ClassMatch(IReadOnlyList<(int Target, int Source)> Rows, IReadOnlyList<string> Warnings)
{
    /// <summary>No class matched.</summary>
    public static ClassMatch None { get; } = new([], []);

    /// <summary>Pairs the classes of two models by an explicit map first, then by equal names.</summary>
    /// <param name="target">Class names of the target.</param>
    /// <param name="source">Class names of the source.</param>
    /// <param name="comparison">How names are compared.</param>
    /// <param name="map">Target name to source name; looked up without regard to case.</param>
    /// <exception cref="SelectionException">The map names a class that its model does not have, or one target class twice.</exception>
    public static ClassMatch Create(
        IReadOnlyList<string> target, IReadOnlyList<string> source, StringComparison comparison, IReadOnlyDictionary<string, string> map)
    {
        Dictionary<int, int> rows = [];
        foreach ((string targetName, string sourceName) in map)
        {
            int targetRow = IndexOf(target, targetName, "target"), sourceRow = IndexOf(source, sourceName, "source");
            if (!rows.TryAdd(targetRow, sourceRow))
            {
                throw new SelectionException($"the class map names the target class '{targetName}' twice.",
                    remedy: "Give each target class one source class.");
            }
        }
        List<string> warnings = [];
        for (int row = 0; row < target.Count; row++)
        {
            if (rows.ContainsKey(row)) continue;
            int found = Find(source, target[row], comparison);
            if (found >= 0) rows.Add(row, found);
            else if (NearMiss(target[row], source) is { } near)
            {
                warnings.Add($"class '{target[row]}' has no row in the source, but '{near}' is close; "
                    + "map it by hand if the two are the same thing.");
            }
        }
        return new ClassMatch([.. rows.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))], warnings);
    }

    private static int IndexOf(IReadOnlyList<string> names, string name, string side)
    {
        int index = Find(names, name, StringComparison.OrdinalIgnoreCase);
        return index >= 0
            ? index
            : throw new SelectionException($"the class map names '{name}', which is no class of the {side} model.",
                remedy: $"The {side} model has: {string.Join(", ", names.Take(10))}{(names.Count > 10 ? ", ..." : "")}.");
    }

    private static int Find(IReadOnlyList<string> names, string name, StringComparison comparison)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], name, comparison)) return i;
        }
        return -1;
    }

    /// <summary>The first source name that differs only in spacing, punctuation, plural or one letter.</summary>
    private static string? NearMiss(string name, IReadOnlyList<string> candidates)
    {
        string plain = Normalise(name);
        return candidates.FirstOrDefault(candidate =>
        {
            string other = Normalise(candidate);
            return plain == other || plain == other + "s" || plain + "s" == other
                || (plain.Length >= 5 && other.Length >= 5 && DiffersByOneEdit(plain, other));
        });
    }

    private static string Normalise(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static bool DiffersByOneEdit(string a, string b)
    {
        if (a.Length > b.Length) (a, b) = (b, a);
        if (b.Length - a.Length > 1) return false;
        int i = 0;
        while (i < a.Length && a[i] == b[i]) i++;
        ReadOnlySpan<char> restA = a.AsSpan(a.Length == b.Length ? Math.Min(i + 1, a.Length) : i),
            restB = b.AsSpan(Math.Min(i + 1, b.Length));
        return restA.SequenceEqual(restB);
    }
}
