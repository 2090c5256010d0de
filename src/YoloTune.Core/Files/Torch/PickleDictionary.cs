using System.Collections;

namespace YoloTune.Files.Torch;

/// <summary>A Python dictionary in its own order; as <see cref="IsOrderedDict"/> a collections.OrderedDict.</summary>
internal sealed class PickleDictionary : PickleContainer, IReadOnlyCollection<KeyValuePair<object, object?>>
{
    private readonly List<KeyValuePair<object, object?>> items = [];
    private Dictionary<object, int>? index;

    /// <summary>True for a collections.OrderedDict.</summary>
    public bool IsOrderedDict { get; init; }

    /// <inheritdoc/>
    public int Count => items.Count;

    /// <summary>Adds a value, or replaces the value of a key that is there, which keeps its place as in Python.</summary>
    public void Set(object key, object? value)
    {
        index ??= new(PickleKeyComparer.Instance);
        KeyValuePair<object, object?> item = new(key, value);
        if (index.TryGetValue(key, out int place)) items[place] = item;
        else
        {
            index.Add(key, items.Count);
            items.Add(item);
        }
        Contain(key);
        Contain(value);
    }

    /// <summary>Finds the value of a key; integers are <see cref="long"/>.</summary>
    public bool TryGet(object key, out object? value)
    {
        bool found = false;
        value = null;
        if (index is not null && index.TryGetValue(key, out int place))
        {
            value = items[place].Value;
            found = true;
        }
        return found;
    }

    /// <summary>The value of a key where it is there and of this type, otherwise null.</summary>
    public T? Get<T>(object key)
        where T : class => TryGet(key, out object? value) ? value as T : null;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<object, object?>> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();
}
