using YoloTune.Files.Onnx;

namespace YoloTune.Export.Emitters;

/// <summary>The prototype masks of segmentation heads.</summary>
internal static class PrototypeEmitters
{
    public static OnnxValue Chain(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        foreach (string part in (string[])["cv1", "upsample", "cv2", "cv3"]) x = graph.Part(module, part, x);
        return x;
    }

    /// <summary>Proto or, where all levels are added first, Proto26.</summary>
    public static OnnxValue Write(OnnxGraph graph, ModuleView module, IReadOnlyList<OnnxValue> levels)
    {
        if (module.ClassName == "Proto") return Chain(graph, module, levels[0]);
        OnnxValue sum = levels[0];
        IReadOnlyList<(string, ModuleView)> refine = module.Items("feat_refine");
        for (int level = 1; level < levels.Count; level++)
        {
            sum = graph.Sum(sum, graph.ResizeLike(graph.Part(refine[level - 1], levels[level]), levels[0]));
        }
        return Chain(graph, module, graph.Part(module, "feat_fuse", sum));
    }
}
