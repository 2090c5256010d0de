using TorchSharp;
using YoloTune.Files.Onnx;

namespace YoloTune.Export.Emitters;

/// <summary>Attention and the blocks around it.</summary>
internal static class AttentionEmitters
{
    /// <summary>Attention over all pixels.</summary>
    public static OnnxValue Attention(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        (long heads, long width, long key) = (module.Integer("num_heads"), module.Integer("head_dim"), module.Integer("key_dim"));
        OnnxValue all = graph.Reshape(graph.Part(module, "qkv", x), 0, heads, (2 * key) + width, -1);
        IReadOnlyList<OnnxValue> parts = graph.Split(all, 2, key, key, width);
        OnnxValue mixed = graph.ReshapeLike(Mix(graph, parts, module.Number("scale"), 0, 1, 3, 2), x);
        OnnxValue position = graph.Part(module, "pe", graph.ReshapeLike(parts[2], x));
        return graph.Part(module, "proj", graph.Sum(mixed, position));
    }

    public static OnnxValue PsaBlock(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        bool add = module.Truth("add");
        OnnxValue attended = graph.Part(module, "attn", x);
        if (add) attended = graph.Sum(x, attended);
        OnnxValue y = graph.Part(module, "ffn", attended);
        return add ? graph.Sum(attended, y) : y;
    }

    public static OnnxValue Psa(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        IReadOnlyList<OnnxValue> halves = graph.Halves(graph.Part(module, "cv1", x));
        OnnxValue attended = graph.Sum(halves[1], graph.Part(module, "attn", halves[1]));
        OnnxValue fed = graph.Sum(attended, graph.Part(module, "ffn", attended));
        return graph.Part(module, "cv2", graph.Concat([halves[0], fed], 1));
    }

    public static OnnxValue C2Psa(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        IReadOnlyList<OnnxValue> halves = graph.Halves(graph.Part(module, "cv1", x));
        return graph.Part(module, "cv2", graph.Concat([halves[0], graph.Part(module, "m", halves[1])], 1));
    }

    /// <summary>Attention within bands of rows: [N, C, H, W] is [N, heads, width, bands, pixels of a band].</summary>
    public static OnnxValue AreaAttention(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        (long heads, long width, long bands) =
            (module.Integer("num_heads"), module.Integer("head_dim"), Math.Max(module.Integer("area"), 1));
        OnnxValue all = graph.Reshape(graph.Part(module, "qkv", x), 0, heads, 3 * width, bands, -1);
        IReadOnlyList<OnnxValue> parts = graph.Split(graph.Transpose(all, 0, 3, 1, 2, 4), 3, width, width, width);
        OnnxValue mixed = ToMap(Mix(graph, parts, Math.Pow(width, -0.5), 0, 1, 2, 4, 3));
        return graph.Part(module, "proj", graph.Sum(mixed, graph.Part(module, "pe", ToMap(parts[2]))));

        OnnxValue ToMap(OnnxValue values) => graph.ReshapeLike(graph.Transpose(values, 0, 2, 3, 1, 4), x);
    }

    public static OnnxValue AreaBlock(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        OnnxValue attended = graph.Sum(x, graph.Part(module, "attn", x));
        return graph.Sum(attended, graph.Part(module, "mlp", attended));
    }

    public static OnnxValue A2C2f(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        List<OnnxValue> maps = [graph.Part(module, "cv1", x)];
        foreach (var item in module.Items("m")) maps.Add(graph.Part(item, maps[^1]));
        OnnxValue y = graph.Part(module, "cv2", graph.Concat(maps, 1));
        if (module.Module.named_parameters(false).FirstOrDefault(parameter => parameter.name == "gamma").parameter is not { } gamma)
            return y;
        using torch.Tensor column = gamma.detach().view(1, -1, 1, 1);
        return graph.Sum(x, graph.Product(graph.Weight("gamma", column), y));
    }

    /// <summary>softmax(QᵀK · scale) applied to V, all with one column a pixel; the order exchanges the last two dimensions.</summary>
    private static OnnxValue Mix(OnnxGraph graph, IReadOnlyList<OnnxValue> parts, double scale, params long[] order)
    {
        OnnxValue products = graph.MatMul(graph.Transpose(parts[0], order), parts[1]);
        OnnxValue weights = graph.Softmax(graph.Scale(products, scale), -1);
        return graph.MatMul(parts[2], graph.Transpose(weights, order));
    }
}
