using YoloTune.Basics;
using YoloTune.Files.Onnx;
using YoloTune.Networks.Modules;


namespace YoloTune.Export.Emitters;

/// <summary>Writes activation functions.</summary>
internal static class ActivationEmitter
{
    /// <summary>The slope of darknet's LeakyReLU.</summary>
    private const float DarknetSlope = 0.1f;

    public static OnnxValue Write(OnnxGraph graph, ActivationKind kind, OnnxValue x) => kind switch
    {
        ActivationKind.Identity => x,
        ActivationKind.SiLU => graph.Product(x, graph.Sigmoid(x)),
        ActivationKind.ReLU => graph.Unary("Relu", x),
        ActivationKind.LeakyReLU => graph.Unary("LeakyRelu", x, ("alpha", DarknetSlope)),
        ActivationKind.Hardswish => graph.Unary("HardSwish", x),
        ActivationKind.GELU => Gelu(graph, x),
        ActivationKind.Mish => graph.Product(x, graph.Unary("Tanh", graph.Unary("Softplus", x))),
        ActivationKind.Sigmoid => graph.Sigmoid(x),
        ActivationKind.Tanh => graph.Unary("Tanh", x),
        _ => throw new ModelFormatException($"the activation {kind} cannot be written as ONNX.", remedy: "Export the model as Pt."),
    };

    /// <summary>x Φ(x), by the error function.</summary>
    private static OnnxValue Gelu(OnnxGraph graph, OnnxValue x)
    {
        OnnxValue error = graph.Unary("Erf", graph.Scale(x, 1 / Math.Sqrt(2)));
        return graph.Product(graph.Scale(x, 0.5), graph.Sum(error, graph.Number(1, x.Type)));
    }
}
