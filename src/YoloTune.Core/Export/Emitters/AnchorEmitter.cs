using YoloTune.Files.Onnx;

namespace YoloTune.Export.Emitters;

/// <summary>
/// Writes the anchor points of the levels: constants where the image size is fixed, computed from the feature maps otherwise.
/// </summary>
internal static class AnchorEmitter
{
    private const float CellCentre = 0.5f;

    /// <summary>Writes the points.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="levels">The feature maps of the levels.</param>
    /// <param name="strides">Pixels a cell of each level covers.</param>
    /// <returns>Points [1, 2, A] in units of the level's stride, and strides [1, 1, A] in pixels; float32.</returns>
    public static (OnnxValue Points, OnnxValue Strides) Write(OnnxGraph graph, IReadOnlyList<OnnxValue> levels, IReadOnlyList<int> strides)
    {
        using IDisposable scope = graph.Scope("anchors");
        return levels.All(level => level.Shape[2].IsKnown && level.Shape[3].IsKnown)
            ? Constants(graph, levels, strides)
            : Computed(graph, levels, strides);
    }

    private static (OnnxValue, OnnxValue) Constants(OnnxGraph graph, IReadOnlyList<OnnxValue> levels, IReadOnlyList<int> strides)
    {
        List<float> x = [], y = [], pixels = [];
        for (int level = 0; level < levels.Count; level++)
        {
            (long rows, long columns) = (levels[level].Shape[2].Size, levels[level].Shape[3].Size);
            for (long cell = 0; cell < rows * columns; cell++)
            {
                x.Add((cell % columns) + CellCentre);
                y.Add((cell / columns) + CellCentre);
                pixels.Add(strides[level]);
            }
        }
        return (graph.Floats("points", [1, 2, x.Count], [.. x, .. y]), graph.Floats("strides", [1, 1, pixels.Count], [.. pixels]));
    }

    private static (OnnxValue, OnnxValue) Computed(OnnxGraph graph, IReadOnlyList<OnnxValue> levels, IReadOnlyList<int> strides)
    {
        List<OnnxValue> points = [], pixels = [];
        for (int level = 0; level < levels.Count; level++)
        {
            OnnxValue map = levels[level];
            OnnxValue size = graph.Sizes(map, 2, 4);
            OnnxDimension[] grid = [OnnxDimension.Unknown, OnnxDimension.Unknown];
            OnnxValue x = graph.Expand(Centres(graph, graph.Size(map, 3)), size, grid);
            OnnxValue y = graph.Expand(graph.Unsqueeze(Centres(graph, graph.Size(map, 2)), 1), size, grid);
            points.Add(graph.Concat([graph.Reshape(x, 1, 1, -1), graph.Reshape(y, 1, 1, -1)], 1));
            OnnxValue stride = graph.Expand(graph.Number(strides[level], OnnxType.Float), size, grid);
            pixels.Add(graph.Reshape(stride, 1, 1, -1));
        }
        return (graph.Concat(points, 2), graph.Concat(pixels, 2));
    }

    private static OnnxValue Centres(OnnxGraph graph, OnnxValue count) =>
        graph.Sum(graph.Cast(graph.Range(count), OnnxType.Float), graph.Number(CellCentre, OnnxType.Float));
}
