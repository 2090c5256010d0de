using YoloTune.Files.Onnx;

namespace YoloTune.Export.Emitters;

/// <summary>Blocks of a few convolutions with a shortcut.</summary>
internal static class BottleneckEmitters
{
    public static OnnxValue Bottleneck(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        OnnxValue y = graph.Part(module, "cv2", graph.Part(module, "cv1", x));
        return module.Truth("add") ? graph.Sum(x, y) : y;
    }

    public static OnnxValue Ghost(OnnxGraph graph, ModuleView module, OnnxValue x) =>
        graph.Sum(graph.Part(module, "conv", x), graph.Part(module, "shortcut", x));

    public static OnnxValue Compact(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        OnnxValue y = graph.Part(module, "cv1", x);
        return module.Truth("add") ? graph.Sum(x, y) : y;
    }
}
