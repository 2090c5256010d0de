using YoloTune.Basics;
using YoloTune.Files.Onnx;

namespace YoloTune.Export.Emitters;

/// <summary>Writes what a block computes: from one feature map to one feature map.</summary>
internal static class BlockEmitter
{
    public delegate OnnxValue Emit(OnnxGraph graph, ModuleView module, OnnxValue x);

    private static readonly Dictionary<string, Emit> Emitters = new(StringComparer.Ordinal)
    {
        ["Conv"] = ConvolutionEmitters.Conv,
        ["DWConv"] = ConvolutionEmitters.Conv,
        ["Conv2d"] = ConvolutionEmitters.Conv2d,
        ["ConvTranspose"] = ConvolutionEmitters.ConvTranspose,
        ["ConvTranspose2d"] = ConvolutionEmitters.ConvTranspose2d,
        ["BatchNorm2d"] = ConvolutionEmitters.BatchNorm,
        ["RepConv"] = ConvolutionEmitters.Conv,
        ["RepVGGDW"] = ConvolutionEmitters.Conv,
        ["Focus"] = ConvolutionEmitters.Focus,
        ["GhostConv"] = ConvolutionEmitters.GhostConv,
        ["Sequential"] = Sequence,
        ["Bottleneck"] = BottleneckEmitters.Bottleneck,
        ["RepBottleneck"] = BottleneckEmitters.Bottleneck,
        ["GhostBottleneck"] = BottleneckEmitters.Ghost,
        ["CIB"] = BottleneckEmitters.Compact,
        ["BottleneckCSP"] = CrossStageEmitters.BottleneckCsp,
        ["C1"] = CrossStageEmitters.C1,
        ["C2"] = CrossStageEmitters.C2,
        ["C2f"] = CrossStageEmitters.C2f,
        ["C3k2"] = CrossStageEmitters.C2f,
        ["C2fCIB"] = CrossStageEmitters.C2f,
        ["C2fPSA"] = CrossStageEmitters.C2f,
        ["C3"] = CrossStageEmitters.C3,
        ["C3x"] = CrossStageEmitters.C3,
        ["C3k"] = CrossStageEmitters.C3,
        ["C3Ghost"] = CrossStageEmitters.C3,
        ["RepCSP"] = CrossStageEmitters.C3,
        ["RepC3"] = CrossStageEmitters.RepC3,
        ["RepNCSPELAN4"] = CrossStageEmitters.Aggregation,
        ["ELAN1"] = CrossStageEmitters.Aggregation,
        ["SCDown"] = SamplingEmitters.Chain,
        ["AConv"] = SamplingEmitters.AConv,
        ["ADown"] = SamplingEmitters.ADown,
        ["Upsample"] = SamplingEmitters.Upsample,
        ["MaxPool2d"] = SamplingEmitters.MaxPool,
        ["ZeroPad2d"] = SamplingEmitters.ZeroPad,
        ["SPP"] = PyramidEmitters.Spp,
        ["SPPF"] = PyramidEmitters.Sppf,
        ["SPPELAN"] = PyramidEmitters.SppElan,
        ["Attention"] = AttentionEmitters.Attention,
        ["PSABlock"] = AttentionEmitters.PsaBlock,
        ["PSA"] = AttentionEmitters.Psa,
        ["C2PSA"] = AttentionEmitters.C2Psa,
        ["AAttn"] = AttentionEmitters.AreaAttention,
        ["ABlock"] = AttentionEmitters.AreaBlock,
        ["A2C2f"] = AttentionEmitters.A2C2f,
        ["Proto"] = PrototypeEmitters.Chain,
    };

    /// <summary>Writes a block.</summary>
    /// <exception cref="ModelFormatException">Nothing is known of how the block is written.</exception>
    public static OnnxValue Block(this OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        if (module.Module is YoloTune.Networks.Modules.Activation activation) return ActivationEmitter.Write(graph, activation.Kind, x);
        return Emitters.TryGetValue(module.ClassName, out Emit? emit)
            ? emit(graph, module, x)
            : throw new ModelFormatException($"the block {module.ClassName} cannot be written as ONNX.",
                remedy: "Export the model as Pt, or replace the block in the model's YAML.");
    }

    /// <summary>Writes a child of a block, under its name.</summary>
    public static OnnxValue Part(this OnnxGraph graph, ModuleView module, string child, OnnxValue x)
    {
        using IDisposable scope = graph.Scope(child);
        return graph.Block(module.Child(child), x);
    }

    /// <summary>Writes an item of a list, under its name.</summary>
    public static OnnxValue Part(this OnnxGraph graph, (string Name, ModuleView View) item, OnnxValue x)
    {
        using IDisposable scope = graph.Scope(item.Name);
        return graph.Block(item.View, x);
    }

    private static OnnxValue Sequence(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        foreach (string child in module.ChildNames) x = graph.Part(module, child, x);
        return x;
    }
}
