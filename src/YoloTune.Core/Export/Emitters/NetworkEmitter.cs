using YoloTune.Files.Onnx;
using YoloTune.Networks;
using YoloTune.Networks.Heads;


namespace YoloTune.Export.Emitters;

/// <summary>Walks the layers of a folded network and writes each.</summary>
internal static class NetworkEmitter
{
    /// <summary>Writes all layers but the head.</summary>
    /// <returns>What the head is given, one map a level.</returns>
    public static IReadOnlyList<OnnxValue> Body(OnnxGraph graph, YoloNetwork network, OnnxValue image)
    {
        IReadOnlyList<OnnxValue>[] outputs = new IReadOnlyList<OnnxValue>[network.Layers.Count];
        for (int i = 0; i < outputs.Length; i++)
        {
            IReadOnlyList<OnnxValue>[] inputs =
                [.. network.Layers[i].Plan.Sources.Select(source => source < 0 ? [image] : outputs[source])];
            if (i == outputs.Length - 1) return [.. inputs.Select(input => input[0])];
            using IDisposable scope = graph.Scope(FormattableString.Invariant($"model.{i}"));
            outputs[i] = Layer(graph, new ModuleView(network.Layers[i].Module), inputs);
        }
        throw new InvalidOperationException("The network has no head.");
    }

    /// <summary>Writes the head of an image classifier: probabilities [N, classes].</summary>
    public static OnnxValue Classifier(OnnxGraph graph, Classify head, IReadOnlyList<OnnxValue> maps)
    {
        ModuleView view = new(head);
        OnnxValue x = graph.Part(view, "conv", graph.Concat(maps, 1));
        OnnxValue pooled = graph.Add("GlobalAveragePool", [x], x.Type, [x.Shape[0], x.Shape[1], 1, 1]);
        OnnxValue flat = graph.Add("Flatten", [pooled], x.Type, [x.Shape[0], x.Shape[1]], ("axis", 1L));
        using IDisposable scope = graph.Scope("linear");
        OnnxValue logits =
            graph.Add("Gemm", [flat, graph.Weight("weight", head.Output.Matrix), graph.Weight("bias", head.Output.Bias)], x.Type,
            [x.Shape[0], head.ClassCount], ("transB", 1L));
        return graph.Softmax(graph.Cast(logits, OnnxType.Float), 1);
    }

    private static IReadOnlyList<OnnxValue> Layer(OnnxGraph graph, ModuleView module, IReadOnlyList<OnnxValue>[] inputs)
    {
        switch (module.ClassName)
        {
            case "Concat":
                return [graph.Concat([.. inputs.Select(input => input[0])], module.Integer("d"))];
            case "CBLinear":
                return graph.Split(graph.Part(module, "conv", inputs[0][0]), 1, [.. module.Integers("c2s").Select(width => (long)width)]);
            case "CBFuse":
                OnnxValue target = inputs[^1][0];
                IReadOnlyList<int> chosen = module.Integers("idx");
                OnnxValue? sum = null;
                for (int j = 0; j < inputs.Length - 1; j++)
                {
                    OnnxValue resized = graph.ResizeLike(inputs[j][chosen[j]], target);
                    sum = sum is null ? resized : graph.Sum(sum, resized);
                }
                return [sum is null ? target : graph.Sum(sum, target)];
            default:
                return [graph.Block(module, inputs[0][0])];
        }
    }
}
