using YoloTune.Files.Onnx;

namespace YoloTune.Export.Emitters;

/// <summary>Spatial pyramids: one map pooled at several sizes.</summary>
internal static class PyramidEmitters
{
    public static OnnxValue Spp(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        OnnxValue y = graph.Part(module, "cv1", x);
        return graph.Part(module, "cv2", graph.Concat([y, .. module.Items("m").Select(pool => graph.Part(pool, y))], 1));
    }

    public static OnnxValue Sppf(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        List<OnnxValue> maps = [graph.Part(module, "cv1", x)];
        for (int i = 0; i < module.Integer("n"); i++) maps.Add(graph.Part(module, "m", maps[^1]));
        OnnxValue y = graph.Part(module, "cv2", graph.Concat(maps, 1));
        return module.Truth("add") ? graph.Sum(x, y) : y;
    }

    public static OnnxValue SppElan(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        List<OnnxValue> maps = [graph.Part(module, "cv1", x)];
        foreach (string pool in (string[])["cv2", "cv3", "cv4"]) maps.Add(graph.Part(module, pool, maps[^1]));
        return graph.Part(module, "cv5", graph.Concat(maps, 1));
    }
}
