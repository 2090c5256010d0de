using System.Text;
using System.Text.RegularExpressions;

namespace YoloTune.Basics;

/// <summary>
/// A wildcard pattern over names, as PowerShell users write it: <c>*</c> any text, <c>?</c> one character, <c>[a-c]</c> one of a set.
/// Case does not matter.
/// </summary>
public sealed class NamePattern
{
    private readonly Regex _expression;

    /// <summary>Reads a pattern.</summary>
    public NamePattern(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Text = pattern;
        _expression = new Regex(Translate(pattern), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether the whole name fits the pattern.</summary>
    public bool Matches(string name) => _expression.IsMatch(name);

    /// <summary>The patterns of a list of texts; an empty list for null.</summary>
    public static IReadOnlyList<NamePattern> Parse(IEnumerable<string>? patterns) =>
        patterns is null ? [] : [.. patterns.Select(pattern => new NamePattern(pattern))];

    /// <summary>The names that fit at least one pattern, in their own order.</summary>
    /// <exception cref="SelectionException">A pattern fits no name at all.</exception>
    public static HashSet<string> Select(IReadOnlyList<NamePattern> patterns, IReadOnlyCollection<string> names, string what)
    {
        HashSet<string> selected = [];
        foreach (NamePattern pattern in patterns)
        {
            int before = selected.Count;
            bool any = false;
            foreach (string name in names.Where(pattern.Matches))
            {
                any = true;
                selected.Add(name);
            }
            if (!any && before == selected.Count)
            {
                throw new SelectionException($"the pattern '{pattern.Text}' matches no {what} of the model.",
                    remedy: $"Names look like '{names.FirstOrDefault()}'; a pattern must fit the whole name, so begin or end it with *.");
            }
        }
        return selected;
    }

    /// <summary>The positions of the names that fit at least one pattern; null where there are no patterns.</summary>
    /// <exception cref="SelectionException">A pattern fits no name at all.</exception>
    public static int[]? Positions(IEnumerable<string>? patterns, IReadOnlyList<string> names, string what)
    {
        if (patterns is null) return null;
        HashSet<string> selected = Select(Parse(patterns), names, what);
        return [.. Enumerable.Range(0, names.Count).Where(i => selected.Contains(names[i]))];
    }

    /// <summary>The pattern as it was written.</summary>
    public override string ToString() => Text;

    private static string Translate(string pattern)
    {
        StringBuilder expression = new(@"\A");
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            int close = c == '[' ? pattern.IndexOf(']', i + 1) : -1;
            if (close > i + 1)
            {
                expression.Append('[')
                    .Append(pattern[(i + 1)..close].Replace(@"\", @"\\").Replace("[", @"\[").Replace("^", @"\^")).Append(']');
                i = close;
                continue;
            }
            if (c == '`' && i + 1 < pattern.Length) c = pattern[++i];
            else if (c is '*' or '?')
            {
                expression.Append(c == '*' ? ".*" : ".");
                continue;
            }
            expression.Append(Regex.Escape(c.ToString()));
        }
        return expression.Append(@"\z").ToString();
    }
}
