using System.Collections;
using System.Globalization;
using TorchSharp;

namespace YoloTune.Networks.Modules;

/// <summary>Modules that belong together but are not chained, named 0, 1, 2 ...; PyTorch's ModuleList.</summary>
/// <typeparam name="T">The type of the modules.</typeparam>
internal sealed class BlockList<T> : torch.nn.Module, IReferenceModule, IReadOnlyList<T> where T : torch.nn.Module
{
    private readonly T[] items;

    /// <summary>Registers the modules in order.</summary>
    public BlockList(IEnumerable<T> modules) : this(modules, "container.ModuleList")
    {
    }

    internal BlockList(IEnumerable<T> modules, string torchPath) : base(torchPath[(torchPath.LastIndexOf('.') + 1)..])
    {
        ClassPath = ReferencePath.Torch + torchPath;
        items = [.. modules];
        for (int i = 0; i < items.Length; i++) register_module(i.ToString(CultureInfo.InvariantCulture), items[i]);
    }

    /// <inheritdoc />
    public string ClassPath { get; }

    /// <inheritdoc />
    public IReadOnlyList<KeyValuePair<string, object?>> Attributes => [];

    /// <inheritdoc />
    public int Count => items.Length;

    /// <inheritdoc />
    public T this[int index] => items[index];

    /// <inheritdoc />
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    /// <inheritdoc />
    protected override void RegisterComponents()
    {
    }

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();
}
