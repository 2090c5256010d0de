namespace YoloTune.Files.Onnx;

/// <summary>A tensor that flows through the graph.</summary>
/// <param name="Name">Its name, unique in the graph.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its sizes, as far as they are known when the graph is written.</param>
internal sealed record OnnxValue(string Name, OnnxType Type, IReadOnlyList<OnnxDimension> Shape)
{
    public int Rank => Shape.Count;

    public bool HasKnownShape => Shape.All(dimension => dimension.IsKnown);

    /// <summary>The channels of a feature map [N, C, H, W] or of [N, C, A].</summary>
    public long Channels => Shape[1].Size;
}
