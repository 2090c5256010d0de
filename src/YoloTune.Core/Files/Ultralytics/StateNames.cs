using YoloTune.Models.Transfer;

namespace YoloTune.Files.Ultralytics;

/// <summary>
/// Names of a state dict as the network has them, <c>model.0.conv.weight</c>. Wrappers put something before them: DataParallel and
/// DistributedDataParallel <c>module.</c>, torch.compile <c>_orig_mod.</c>, the reference's YOLO class and Lightning another <c>model.</c>;
/// the state dict of the layers alone lacks <c>model.</c>.
/// </summary>
internal sealed class StateNames
{
    private const string Layers = "model.";
    private readonly string found;

    private StateNames(string found) => this.found = found;

    /// <summary>What is said about the change; null where the names stay as they are.</summary>
    public string? Remark => found == Layers ? null
        : found.Length == 0 ? $"The names of its tensors begin with the layer's number; they are read with '{Layers}' before them."
        : found.EndsWith("." + Layers, StringComparison.Ordinal)
        ? $"The names of its tensors begin with '{found[..^Layers.Length]}'; they are read without it."
        : $"The names of its tensors begin with '{found}'; they are read with '{Layers}' in its place.";

    /// <summary>Finds what stands before the layer numbers of most names.</summary>
    public static StateNames Of(IReadOnlyCollection<string> names)
    {
        HashSet<string> all = [.. names];
        if (StartsWithConvolution(all, Layers)) return new(Layers);
        string? found = names.Select(BeforeNumber).OfType<string>().GroupBy(prefix => prefix).OrderByDescending(group => group.Count())
            .Where(group => group.Key.EndsWith(Layers, StringComparison.Ordinal) || StartsWithConvolution(all, group.Key))
            .Select(group => group.Key).FirstOrDefault();
        return new(found ?? Layers);
    }

    /// <summary>The name of a tensor or module as the network has it.</summary>
    public string Plain(string name) => found != Layers && name.StartsWith(found, StringComparison.Ordinal) && BeforeNumber(name) == found
        ? Layers + name[found.Length..]
        : name;

    /// <summary>The items with their plain names. One that is there under the plain name already stays what it is.</summary>
    public IReadOnlyList<CheckpointItem> Plain(IReadOnlyList<CheckpointItem> items)
    {
        if (found == Layers) return items;
        HashSet<string> taken = [.. items.Select(item => item.Name)];
        return [.. items.Select(item => Plain(item.Name) is var name && name != item.Name && taken.Add(name)
            ? item with { Name = name }
            : item)];
    }

    /// <summary>Other state dicts have numbers in their names too: only a YOLO begins with a convolution called so.</summary>
    private static bool StartsWithConvolution(HashSet<string> names, string prefix) =>
        names.Contains(TransferPlanner.FirstConvolution.Replace(Layers, prefix, StringComparison.Ordinal))
            || names.Contains(prefix + "0.conv.conv.weight");

    /// <summary>What stands before the first part that is a number, "module.model."; null where none is.</summary>
    private static string? BeforeNumber(string name)
    {
        for (int start = 0; start < name.Length;)
        {
            int end = name.IndexOf('.', start);
            if (end < 0) end = name.Length;
            if (end > start && name.AsSpan(start, end - start).IndexOfAnyExceptInRange('0', '9') < 0) return name[..start];
            start = end + 1;
        }
        return null;
    }
}
