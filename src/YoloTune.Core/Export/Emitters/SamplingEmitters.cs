using YoloTune.Files.Onnx;

namespace YoloTune.Export.Emitters;

/// <summary>Blocks that change the size of feature maps.</summary>
internal static class SamplingEmitters
{
    /// <summary>SCDown: two convolutions, one after the other.</summary>
    public static OnnxValue Chain(OnnxGraph graph, ModuleView module, OnnxValue x) =>
        graph.Part(module, "cv2", graph.Part(module, "cv1", x));

    public static OnnxValue AConv(OnnxGraph graph, ModuleView module, OnnxValue x) => graph.Part(module, "cv1", graph.Smooth(x));

    public static OnnxValue ADown(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        IReadOnlyList<OnnxValue> halves = graph.Halves(graph.Smooth(x));
        OnnxValue pooled = graph.MaxPool(halves[1], 3, 2, 1);
        return graph.Concat([graph.Part(module, "cv1", halves[0]), graph.Part(module, "cv2", pooled)], 1);
    }

    public static OnnxValue Upsample(OnnxGraph graph, ModuleView module, OnnxValue x) =>
        graph.Enlarge(x, (long)module.Number("scale_factor"));

    public static OnnxValue MaxPool(OnnxGraph graph, ModuleView module, OnnxValue x) =>
        graph.MaxPool(x, module.Integer("kernel_size"), module.Integer("stride"), module.Integer("padding"));

    /// <summary>
    /// Joins zeros to a map. The operator Pad would say it in one node, but ONNX Runtime (1.31 among others) merges a Pad into the MaxPool
    /// behind it, which pads with -infinity: YOLOv3-tiny then computes something else.
    /// </summary>
    public static OnnxValue ZeroPad(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        IReadOnlyList<int> sides = module.Integers("padding");
        x = Join(graph, x, 3, sides[0], sides[1]);
        return Join(graph, x, 2, sides[2], sides[3]);
    }

    private static OnnxValue Join(OnnxGraph graph, OnnxValue x, int axis, int before, int after)
    {
        List<OnnxValue> parts = [x];
        if (before > 0) parts.Insert(0, Zeros(graph, x, axis, before));
        if (after > 0) parts.Add(Zeros(graph, x, axis, after));
        return graph.Concat(parts, axis);
    }

    private static OnnxValue Zeros(OnnxGraph graph, OnnxValue x, int axis, int count)
    {
        OnnxDimension[] shape = [.. x.Shape];
        shape[axis] = count;
        OnnxValue sizes = x.HasKnownShape
            ? graph.Integers([.. shape.Select(size => size.Size)])
            : graph.Concat(
                [graph.Sizes(x, 0, axis), graph.Integers(count), .. axis == 2 ? [graph.Sizes(x, 3, 4)] : Array.Empty<OnnxValue>()], 0);
        return graph.Expand(graph.Number(0, x.Type), sizes, shape);
    }
}
