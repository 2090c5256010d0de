using YoloTune.Files.Onnx;
using YoloTune.Networks.Modules;


namespace YoloTune.Export.Emitters;

/// <summary>
/// Convolutions and the blocks made of one or two of them. Normalisations are folded before, so that only biases are left.
/// </summary>
internal static class ConvolutionEmitters
{
    /// <summary>A folded convolution and its activation: Conv, and what RepConv and RepVGGDW fold into.</summary>
    public static OnnxValue Conv(OnnxGraph graph, ModuleView module, OnnxValue x) =>
        graph.Part(module, "act", graph.Part(module, "conv", x));

    public static OnnxValue Conv2d(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        Conv2d convolution = (Conv2d)module.Module;
        long[] kernel = Longs(convolution.Kernel), stride = Longs(convolution.Stride), padding = Longs(convolution.Padding);
        long[] dilation = Longs(convolution.Dilation);
        OnnxValue weight = graph.Weight("weight", convolution.Kernels);
        OnnxValue? bias = convolution.Bias is { } values ? graph.Weight("bias", values) : null;
        return graph.Add("Conv", bias is null ? [x, weight] : [x, weight, bias], x.Type,
            OnnxOperators.Windowed(x, kernel, stride, padding, dilation, convolution.OutChannels),
            ("kernel_shape", kernel), ("strides", stride), ("pads", new[] { padding[0], padding[1], padding[0], padding[1] }),
            ("dilations", dilation), ("group", (long)convolution.Groups));
    }

    public static OnnxValue ConvTranspose(OnnxGraph graph, ModuleView module, OnnxValue x) =>
        graph.Part(module, "act", graph.Part(module, "conv_transpose", x));

    public static OnnxValue ConvTranspose2d(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        ConvTranspose2d convolution = (ConvTranspose2d)module.Module;
        long kernel = convolution.Kernel, stride = convolution.Stride, padding = convolution.Padding;
        OnnxValue weight = graph.Weight("weight", convolution.Kernels);
        OnnxValue? bias = convolution.Bias is { } values ? graph.Weight("bias", values) : null;
        OnnxDimension Extent(OnnxDimension size) => size.Map(pixels => ((pixels - 1) * stride) - (2 * padding) + kernel);
        return graph.Add("ConvTranspose", bias is null ? [x, weight] : [x, weight, bias], x.Type,
            [x.Shape[0], convolution.OutChannels, Extent(x.Shape[2]), Extent(x.Shape[3])],
            ("kernel_shape", new[] { kernel, kernel }), ("strides", new[] { stride, stride }),
            ("pads", new[] { padding, padding, padding, padding }));
    }

    /// <summary>A normalisation without a convolution before it.</summary>
    public static OnnxValue BatchNorm(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        BatchNorm2d norm = (BatchNorm2d)module.Module;
        return graph.Add("BatchNormalization",
            [
                x, graph.Weight("weight", norm.Gain), graph.Weight("bias", norm.Bias), graph.Weight("running_mean", norm.RunningMean),
                graph.Weight("running_var", norm.RunningVariance),
            ],
            x.Type, x.Shape, ("epsilon", (float)norm.Epsilon));
    }

    /// <summary>The four phases of each 2x2 block of pixels become channels.</summary>
    public static OnnxValue Focus(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        OnnxValue Phase(long row, long column) => graph.Add("Slice",
            [x, graph.Integers(row, column), graph.Integers(int.MaxValue, int.MaxValue), graph.Integers(2, 3), graph.Integers(2, 2)],
            x.Type,
            [x.Shape[0], x.Shape[1], x.Shape[2].Map(size => (size - row + 1) / 2), x.Shape[3].Map(size => (size - column + 1) / 2)]);
        return graph.Part(module, "conv", graph.Concat([Phase(0, 0), Phase(1, 0), Phase(0, 1), Phase(1, 1)], 1));
    }

    public static OnnxValue GhostConv(OnnxGraph graph, ModuleView module, OnnxValue x)
    {
        OnnxValue y = graph.Part(module, "cv1", x);
        return graph.Concat([y, graph.Part(module, "cv2", y)], 1);
    }

    private static long[] Longs(Pair pair) => [pair.Rows, pair.Columns];
}
