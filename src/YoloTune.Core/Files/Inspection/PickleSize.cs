using YoloTune.Files.Torch;

namespace YoloTune.Files.Inspection;

/// <summary>
/// How many values a pickle has when each is counted wherever it stands. Values are shared by memo and DUP, so that a few hundred bytes can
/// describe more of them than any program that walks them gets through.
/// </summary>
internal static class PickleSize
{
    /// <summary>Whether the values are more than is read anywhere, and by far more than the pickle itself holds.</summary>
    public static bool ExceedsLimit(object? root, PickleLimits limits)
    {
        Dictionary<object, double> sizes = new(ReferenceEqualityComparer.Instance);
        HashSet<object> open = new(ReferenceEqualityComparer.Instance);
        Stack<(PickleContainer Container, bool IsLast)> work = new();
        if (root is not PickleContainer first) return false;
        work.Push((first, false));
        while (work.TryPop(out var step))
        {
            if (step.IsLast)
            {
                open.Remove(step.Container);
                double size = 1;
                foreach (object? child in Children(step.Container))
                    size += child is PickleContainer inner ? sizes.GetValueOrDefault(inner, 1) : 1;
                sizes[step.Container] = size;
                continue;
            }
            if (sizes.ContainsKey(step.Container) || !open.Add(step.Container)) continue;
            work.Push((step.Container, true));
            foreach (object? child in Children(step.Container))
            {
                if (child is PickleContainer inner && !sizes.ContainsKey(inner) && !open.Contains(inner)) work.Push((inner, false));
            }
        }
        return sizes[first] > limits.MaxPlainValues && sizes[first] > 100.0 * sizes.Count;
    }

    private static IEnumerable<object?> Children(PickleContainer container)
    {
        switch (container)
        {
            case PickleDictionary dictionary:
                foreach ((object key, object? value) in dictionary)
                {
                    yield return key;
                    yield return value;
                }
                break;
            case IReadOnlyList<object?> list:
                for (int i = 0; i < list.Count; i++) yield return list[i];
                break;
            case PickleObject instance:
                yield return instance.Arguments;
                yield return instance.ListItems;
                yield return instance.DictionaryItems;
                break;
        }
        if (container.State is not null) yield return container.State;
    }
}
