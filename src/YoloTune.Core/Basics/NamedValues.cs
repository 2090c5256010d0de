using System.Collections.ObjectModel;
using System.Globalization;

namespace YoloTune.Basics;

/// <summary>Values by name that print themselves in one line, so that a table file of records has them in one cell.</summary>
/// <typeparam name="T">What the values are.</typeparam>
/// <param name="values">The values.</param>
public sealed class NamedValues<T>(IDictionary<string, T> values) : ReadOnlyDictionary<string, T>(values)
{
    /// <summary>A copy of values, or the very same object when they can print themselves already.</summary>
    public static NamedValues<T> Of(IEnumerable<KeyValuePair<string, T>> values) => values as NamedValues<T>
        ?? new NamedValues<T>(new Dictionary<string, T>(values, StringComparer.Ordinal));

    /// <summary>Whether the other object has the same names with the same values, in whatever order.</summary>
    public override bool Equals(object? obj) => obj is NamedValues<T> other && other.Count == Count
        && this.All(entry => other.TryGetValue(entry.Key, out T? value) && EqualityComparer<T>.Default.Equals(entry.Value, value));

    /// <inheritdoc/>
    public override int GetHashCode() => Keys.Aggregate(Count, (hash, name) => hash ^ StringComparer.Ordinal.GetHashCode(name));

    /// <summary>"box=1.234; cls=0.5".</summary>
    public override string ToString() => string.Join("; ", this.Select(entry => $"{entry.Key}={Text(entry.Value)}"));

    private static string Text(T value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        double number => number.ToString("G6", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
