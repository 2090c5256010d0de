using System.Collections;

namespace YoloTune.Files.Torch;

/// <summary>A Python tuple; also torch.Size.</summary>
internal sealed class PickleTuple : PickleContainer, IReadOnlyList<object?>
{
    private readonly object?[] items;

    /// <summary>Makes a tuple of these values.</summary>
    public PickleTuple(params object?[] items)
    {
        this.items = items;
        foreach (object? item in items) Contain(item);
    }

    /// <summary>The tuple without items.</summary>
    public static PickleTuple Empty { get; } = new();

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <inheritdoc/>
    public object? this[int index] => items[index];

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator() => ((IEnumerable<object?>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();
}
