using System.Globalization;

namespace YoloTune.Files.Torch;

/// <summary>
/// Finds the tensors that a pickle's values hold and names each by its place. It takes no value by its word: values may contain each
/// other, or nest without end, so each is visited once and nothing is called recursively.
/// </summary>
internal static class PickleTensorNames
{
    private const int MostTensors = 200_000;
    private const int MaxDepth = 1000;

    /// <summary>What torch keeps a module's parts in; state dicts leave these names out.</summary>
    private static readonly HashSet<string> ModuleParts = ["_parameters", "_buffers", "_modules"];

    public static List<CheckpointTensor> Of(object? root)
    {
        List<CheckpointTensor> tensors = [];
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Stack<IEnumerator<(object? Value, string Name)>> open = new();
        open.Push(((IEnumerable<(object?, string)>)[(root, "")]).GetEnumerator());
        while (open.TryPeek(out var level) && tensors.Count < MostTensors)
        {
            if (!level.MoveNext())
            {
                open.Pop();
                continue;
            }
            (object? value, string name) = level.Current;
            if (value is PickleTensor tensor) tensors.Add(Describe(tensor, name));
            else if (value is PickleContainer container && open.Count < MaxDepth && seen.Add(container))
            {
                open.Push(Children(container, name).GetEnumerator());
            }
        }
        return tensors;
    }

    public static CheckpointTensor Describe(PickleTensor tensor, string name) => new(
        name, TorchStorageType.TryGet(tensor.Storage.Type, out var type,
            out _) ? type.ToString().ToLowerInvariant() : tensor.Storage.Type.Name,
        [.. tensor.Shape]);

    private static IEnumerable<(object?, string)> Children(PickleContainer container, string name)
    {
        switch (container)
        {
            case PickleDictionary dictionary:
                foreach ((object key, object? value) in dictionary)
                {
                    if (value is not (PickleContainer or PickleTensor)) continue;
                    yield return (value, key is string part && ModuleParts.Contains(part) ? name : Join(name, key));
                }
                break;
            case IReadOnlyList<object?> list:
                for (int i = 0; i < list.Count; i++)
                {
                    if (list[i] is PickleContainer or PickleTensor) yield return (list[i], Join(name, (long)i));
                }
                break;
            case PickleObject instance:
                yield return (instance.Arguments, name);
                yield return (instance.ListItems, name);
                yield return (instance.DictionaryItems, name);
                break;
        }
        yield return (container.State, name);
    }

    private static string Join(string name, object key)
    {
        string part = key switch
        {
            string text => text,
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => "?",
        };
        if (part.Length > CheckpointTensor.LongestName) part = part[..CheckpointTensor.LongestName];
        string joined = name.Length == 0 ? part : $"{name}.{part}";
        return joined.Length > CheckpointTensor.LongestName ? joined[..CheckpointTensor.LongestName] : joined;
    }
}
