using YoloTune.Files.Onnx;

namespace YoloTune.Export.Emitters;

/// <summary>Blocks that split the channels, send a part through a chain, and join what comes out.</summary>
internal static class CrossStageEmitters
{
    public static OnnxValue C3(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        OnnxValue chained = graph.Part(module, "m", graph.Part(module, "cv1", x));
        return graph.Part(module, "cv3", graph.Concat([chained, graph.Part(module, "cv2", x)], 1));
    }

    public static OnnxValue BottleneckCsp(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        OnnxValue chained = graph.Part(module, "cv3", graph.Part(module, "m", graph.Part(module, "cv1", x)));
        OnnxValue joined = graph.Concat([chained, graph.Part(module, "cv2", x)], 1);
        return graph.Part(module, "cv4", graph.Part(module, "act", graph.Part(module, "bn", joined)));
    }

    public static OnnxValue C1(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        OnnxValue y = graph.Part(module, "cv1", x);
        return graph.Sum(graph.Part(module, "m", y), y);
    }

    public static OnnxValue C2(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        IReadOnlyList<OnnxValue> halves = graph.Halves(graph.Part(module, "cv1", x));
        return graph.Part(module, "cv2", graph.Concat([graph.Part(module, "m", halves[0]), halves[1]], 1));
    }

    public static OnnxValue C2f(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        List<OnnxValue> maps = [.. graph.Halves(graph.Part(module, "cv1", x))];
        foreach (var item in module.Items("m")) maps.Add(graph.Part(item, maps[^1]));
        return graph.Part(module, "cv2", graph.Concat(maps, 1));
    }

    public static OnnxValue RepC3(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        OnnxValue chained = graph.Part(module, "m", graph.Part(module, "cv1", x));
        return graph.Part(module, "cv3", graph.Sum(chained, graph.Part(module, "cv2", x)));
    }

    /// <summary>RepNCSPELAN4 and ELAN1.</summary>
    public static OnnxValue Aggregation(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        List<OnnxValue> maps = [.. graph.Halves(graph.Part(module, "cv1", x))];
        maps.Add(graph.Part(module, "cv2", maps[^1]));
        maps.Add(graph.Part(module, "cv3", maps[^1]));
        return graph.Part(module, "cv4", graph.Concat(maps, 1));
    }
}
