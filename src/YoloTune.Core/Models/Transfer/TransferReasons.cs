using YoloTune.Networks.Architecture;

namespace YoloTune.Models.Transfer;

/// <summary>Explains in words why an item stays behind.</summary>
internal sealed class TransferReasons
{
    private readonly TransferSource _source;
    private readonly Dictionary<int, string> _targetTypes;
    private readonly HashSet<int> _sourceLayers;
    private readonly int? _sourceHidden;
    private readonly int? _targetHidden;
    private readonly bool _isSameScale;

    public TransferReasons(YoloModel target, TransferSource source)
    {
        _source = source;
        _targetTypes = target.Layers.ToDictionary(layer => layer.Index, layer => layer.Type);
        _sourceLayers = [.. source.State.Keys.Select(LayerOf).Where(layer => layer >= 0)];
        int head = target.Layers[^1].Index;
        // The input of the class outputs is the hidden width of the class branch.
        ModelItem? output = target.Items.FirstOrDefault(item => item is { HasClassRows: true, IsClassBranch: true }
            && item.Tensor.dim() == 4);
        if (output is not null && source.State.TryGetValue(output.Name, out var sourceOutput))
            (_sourceHidden, _targetHidden) = ((int)sourceOutput.shape[1], (int)output.Tensor.shape[1]);
        // What the head reads is as wide as the scale makes it. Where that differs, so does the class branch, whatever the class count.
        string input = $"model.{head}.cv2.0.0.conv.weight";
        _isSameScale = source.State.TryGetValue(input, out var sourceInput)
            && target.Items.FirstOrDefault(item => item.Name == input) is { } targetInput
            && sourceInput.shape[1] == targetInput.Tensor.shape[1];
    }

    public string Missing(ModelItem item)
    {
        if (_source.IsAnchorBased && item.Part == LayerPart.Head)
        {
            return "the source's anchor-based head has no such branch; an anchor-free head starts new";
        }
        if (!_sourceLayers.Contains(item.Layer) && !_source.LayerTypes.ContainsKey(item.Layer))
            return $"the source has no layer {item.Layer}";
        if (TypesDiffer(item.Layer, out string sourceType))
            return $"layer {item.Layer} is {item.LayerType} here and {sourceType} in the source";
        return $"layer {item.Layer} of the source has no item of this name";
    }

    public string Mismatch(ModelItem item, IReadOnlyList<long> source, out bool lostClassBranch)
    {
        long[] target = item.Tensor.shape;
        lostClassBranch = false;
        if (TypesDiffer(item.Layer, out string sourceType))
            return $"layer {item.Layer} is {item.LayerType} here and {sourceType} in the source";
        bool hiddenDiffers = _sourceHidden is not null && _sourceHidden != _targetHidden;
        if (item.HasClassRows && source.Count == target.Length && source[0] != target[0])
        {
            string reason = $"class output has one row per class: {source[0]} in the source, {target[0]} here";
            return hiddenDiffers && source.Count > 1 ? $"{reason} (input {_sourceHidden}, {_targetHidden})" : reason;
        }
        if (hiddenDiffers && _isSameScale && item.IsClassBranch)
        {
            lostClassBranch = !item.HasClassRows;
            return $"class branch hidden width follows the class count: {_sourceHidden} in the source, {_targetHidden} here";
        }
        if (item.Shape is { } shape && _source.HeadShape is { } other && other != shape) return other.Against(shape);
        if (source.Count != target.Length) return $"{source.Count} dimensions in the source, {target.Length} here";
        if (source.Count == 4 && (source[2] != target[2] || source[3] != target[3]))
        {
            return $"kernel {source[2]}x{source[3]} in the source, {target[2]}x{target[3]} here";
        }
        return $"channel widths differ: [{string.Join(", ", source)}] in the source, [{string.Join(", ", target)}] here";
    }

    private bool TypesDiffer(int layer, out string sourceType) =>
        _source.LayerTypes.TryGetValue(layer, out sourceType!) && sourceType != _targetTypes[layer];

    private static int LayerOf(string name)
    {
        string[] parts = name.Split('.', 3);
        return parts.Length == 3 && parts[0] == "model" && int.TryParse(parts[1], out int layer) ? layer : -1;
    }
}
