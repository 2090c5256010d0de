using System.Globalization;
using System.Numerics;
using YoloTune.Basics;

namespace YoloTune.Files.Torch;

/// <summary>
/// Turns values of a pickle into plain .NET ones: null, bool, long, double, string, byte[], <c>List&lt;object?&gt;</c> and
/// <c>Dictionary&lt;string, object?&gt;</c>, which keeps the order in which it was filled, for nothing is ever removed. A pickle's
/// values may share and contain each other, so what is made is counted.
/// </summary>
internal sealed class PlainValues(TorchArchive? archive, PickleLimits limits, string? path = null)
{
    private const int MaxDepth = 64;
    private const int LongestPath = 4096;

    /// <summary>Tensors up to this many elements (strides, anchors, class weights) become lists of numbers.</summary>
    private const int LargestListedTensor = 256;

    private const int LongestShape = 8;

    private int made;

    /// <summary>Turns a value, found at a place such as "model.yaml", into a plain one.</summary>
    public object? Of(object? value, string place) => Of(value, place, 0);

    /// <summary>Turns a dictionary, or an object with attributes, into a plain dictionary; null where it is neither.</summary>
    public Dictionary<string, object?>? DictionaryOf(object? value, string place) => Of(value, place, 0) as Dictionary<string, object?>;

    private object? Of(object? value, string place, int depth)
    {
        if (depth > MaxDepth) throw Failure($"its values are nested deeper than the limit of {MaxDepth}.", place);
        if (++made > limits.MaxPlainValues)
        {
            throw Failure($"with it the settings have more values than the limit of {limits.MaxPlainValues}.", place);
        }
        switch (value)
        {
            case PickleDictionary dictionary: return Entries(dictionary, place, depth);
            case IReadOnlyList<object?> list:
                List<object?> items = new(Math.Min(list.Count, 1024));
                foreach (object? item in list) items.Add(Of(item, place, depth + 1));
                return items;
            case PickleTensor tensor: return Numbers(tensor, place);
            case PickleGlobal global: return global.ToString();
            case PickleObject instance: return Instance(instance, place, depth);
            case BigInteger big: return (double)big;
            default: return value;
        }
    }

    private Dictionary<string, object?> Entries(PickleDictionary dictionary, string place, int depth)
    {
        Dictionary<string, object?> entries = new(Math.Min(dictionary.Count, 1024), StringComparer.Ordinal);
        foreach ((object key, object? item) in dictionary) entries[KeyText(key)] = Of(item, place, depth + 1);
        return entries;
    }

    private object? Instance(PickleObject instance, string place, int depth)
    {
        if (instance is { Type.IsGetattr: true, Arguments: [PickleObject owner, string method] }) return $"{owner.Type}.{method}";
        if (instance.Type.Module.StartsWith("pathlib", StringComparison.Ordinal)) return PathText(instance);
        if (instance.Attributes is { } attributes && !attributes.TryGet("_modules", out _)) return Entries(attributes, place, depth);
        return instance.DictionaryItems is { } items ? Entries(items, place, depth) : instance.Type.ToString();
    }

    private static string PathText(PickleObject path)
    {
        string separator = path.Type.Name.Contains("Windows", StringComparison.Ordinal) ? "\\" : "/";
        string text = "";
        foreach (object? part in path.Arguments)
        {
            if (part is not string name || text.Length + name.Length > LongestPath) break;
            text += text.Length == 0 || text.EndsWith(separator[0]) ? name : separator + name;
        }
        return text;
    }

    /// <summary>A small tensor as a flat list of numbers; of a larger one, or one that cannot be read, its shape in words.</summary>
    private object Numbers(PickleTensor tensor, string place)
    {
        double count = tensor.Shape.Aggregate(1.0, (product, size) => product * size);
        if (archive is null || count is not (>= 0 and <= LargestListedTensor) || tensor.Shape.Count > LongestShape)
        {
            IEnumerable<string> sizes = tensor.Shape.Take(LongestShape).Select(size => size.ToString(CultureInfo.InvariantCulture));
            return $"tensor [{string.Join(", ", sizes)}]";
        }
        made += (int)count;
        using var stored = archive.ReadTensor(tensor, place);
        using var wide = stored.to_type(TorchSharp.torch.ScalarType.Float64);
        return new List<object?>(wide.data<double>().ToArray().Select(number => (object?)number));
    }

    private static string KeyText(object key) => key switch
    {
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => key.ToString() ?? "",
    };

    private ModelFormatException Failure(string message, string place) => new(message, archive?.Path ?? path, place);
}
