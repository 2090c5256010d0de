using System.Globalization;
using TorchSharp;

namespace YoloTune.Files.Ultralytics;

/// <summary>
/// The head of a YOLOv5 training in a state dict: the last layer holds one 1x1 convolution per level, <c>model.24.m.0.weight</c>, which
/// predicts three anchors with box, confidence and classes each.
/// </summary>
/// <param name="Layer">The number of the head's layer.</param>
/// <param name="Levels">The number of levels.</param>
/// <param name="ClassCount">The number of classes.</param>
internal sealed record AnchorHead(int Layer, int Levels, int ClassCount)
{
    private const int Anchors = 3, ValuesBesideClasses = 5;

    /// <summary>Finds the head; null where the last layer is another one.</summary>
    public static AnchorHead? Find(IReadOnlyDictionary<string, torch.Tensor> state)
    {
        int last = state.Keys.Select(name => name.Split('.')).Where(parts => parts is ["model", _, _, ..])
            .Select(parts => int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int layer) ? layer : -1)
            .DefaultIfEmpty(-1).Max();
        string prefix = string.Create(CultureInfo.InvariantCulture, $"model.{last}.m.");
        string[] outputs =
            [.. state.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)
                && name.EndsWith(".weight", StringComparison.Ordinal)
            && name.Split('.').Length == 5)];
        if (outputs.Length == 0 || outputs.Any(name => state[name].shape is not [_, _, 1, 1])) return null;
        long values = state[outputs[0]].shape[0];
        return values % Anchors == 0 && values > Anchors * ValuesBesideClasses && outputs.All(name => state[name].shape[0] == values)
            ? new(last, outputs.Length, (int)((values / Anchors) - ValuesBesideClasses))
            : null;
    }

    /// <summary>
    /// The anchor-free architecture with the depth, width and levels of the network; null for networks that are not YOLOv5.
    /// </summary>
    public string? AnchorFreeTwin(IReadOnlyDictionary<string, torch.Tensor> state)
    {
        string? levels = (Layer, Levels) switch { (24, 3) => "", (33, 4) => "-p6", _ => null };
        if (!state.TryGetValue("model.0.conv.weight", out torch.Tensor? first)) return null;
        string? scale = first.shape[0] switch { 16 => "n", 32 => "s", 48 => "m", 64 => "l", 80 => "x", _ => null };
        return levels is null || scale is null ? null : $"yolov5{scale}{levels}";
    }
}
