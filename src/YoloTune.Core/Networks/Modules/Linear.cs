using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace YoloTune.Networks.Modules;

/// <summary>A fully connected layer; weights are cast to the input's type.</summary>
internal sealed class Linear : Block
{
    private Parameter weight;
    private Parameter bias;

    /// <summary>Creates a layer with weights [out, in].</summary>
    public Linear(BlockSettings settings, int inFeatures, int outFeatures) : base(ReferencePath.Torch + "linear.Linear")
    {
        (InFeatures, OutFeatures) = (inFeatures, outFeatures);
        weight = Weight("weight", empty([outFeatures, inFeatures], float32, settings.Device));
        bias = Weight("bias", empty([outFeatures], float32, settings.Device));
        settings.Initializer?.Default(weight, inFeatures);
        settings.Initializer?.Default(bias, inFeatures);
    }

    /// <summary>Width of the input.</summary>
    public int InFeatures { get; }

    /// <summary>Width of the output.</summary>
    public int OutFeatures { get; }

    /// <summary>The weights [out, in], float32.</summary>
    public Parameter Matrix => weight;

    /// <summary>The bias [out], float32.</summary>
    public Parameter Bias => bias;

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes =>
        [new("in_features", InFeatures), new("out_features", OutFeatures)];

    /// <summary>Maps [N, in] to [N, out].</summary>
    public override Tensor forward(Tensor x)
    {
        if (x.dtype == weight.dtype) return nn.functional.linear(x, weight, bias);
        using Tensor cast = weight.to(x.dtype);
        using Tensor castBias = bias.to(x.dtype);
        return nn.functional.linear(x, cast, castBias);
    }
}
