using System.Collections;

namespace YoloTune.Files.Torch;

/// <summary>A Python list; as <see cref="IsSet"/> a set or frozenset, whose items stand in the order of the file.</summary>
internal sealed class PickleList : PickleContainer, IReadOnlyList<object?>
{
    private readonly List<object?> items = [];

    /// <summary>True for a set or frozenset.</summary>
    public bool IsSet { get; init; }

    /// <inheritdoc/>
    public int Count => items.Count;

    /// <inheritdoc/>
    public object? this[int index] => items[index];

    /// <summary>Adds a value at the end.</summary>
    public void Add(object? item)
    {
        items.Add(item);
        Contain(item);
    }

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();
}
