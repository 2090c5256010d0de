using TorchSharp;
using YoloTune.Kernels;
using static TorchSharp.torch;

namespace YoloTune.Networks.Modules;

/// <summary>An activation function as a module. It has no state, so one object may serve many blocks.</summary>
/// <param name="kind">Which function.</param>
internal sealed class Activation(ActivationKind kind) : Block(PathOf(kind))
{
    private const double DarknetSlope = 0.1;

    /// <summary>Which function.</summary>
    public ActivationKind Kind { get; } = kind;

    /// <summary>The same function among those that the kernels know, or null.</summary>
    internal PointwiseFunction? Kernel => Kind switch
    {
        ActivationKind.Identity => PointwiseFunction.Identity,
        ActivationKind.SiLU => PointwiseFunction.Silu,
        _ => null,
    };

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => Kind switch
    {
        ActivationKind.SiLU or ActivationKind.ReLU or ActivationKind.Hardswish or ActivationKind.Mish => [new("inplace", true)],
        ActivationKind.LeakyReLU => [new("negative_slope", DarknetSlope), new("inplace", true)],
        ActivationKind.GELU => [new("approximate", "none")],
        _ => [],
    };

    /// <summary>The activation a Python expression such as <c>torch.nn.ReLU()</c> or <c>nn.SiLU(inplace=True)</c> names, or null.</summary>
    public static ActivationKind? Parse(string expression)
    {
        string name = expression.Split('(')[0].Trim();
        name = name[(name.LastIndexOf('.') + 1)..];
        return Enum.TryParse(name, ignoreCase: false, out ActivationKind kind) && Enum.IsDefined(kind) ? kind : null;
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor x) => Kind == ActivationKind.Identity ? x.alias() : Evaluate(x);

    /// <summary>
    /// Applies the function to a tensor the caller gives away: without gradients it is overwritten where that is possible, otherwise it
    /// is disposed, for autograd keeps what it needs.
    /// </summary>
    public Tensor Consume(Tensor owned)
    {
        if (Kind == ActivationKind.Identity) return owned;
        if (!is_grad_enabled())
        {
            if (Kind == ActivationKind.SiLU) return owned.silu_();
            if (Kind == ActivationKind.ReLU) return owned.relu_();
        }
        Tensor result = Evaluate(owned);
        owned.Dispose();
        return result;
    }

    private Tensor Evaluate(Tensor x) => Kind switch
    {
        ActivationKind.SiLU => nn.functional.silu(x),
        ActivationKind.ReLU => nn.functional.relu(x),
        ActivationKind.LeakyReLU => nn.functional.leaky_relu(x, DarknetSlope),
        ActivationKind.Hardswish => nn.functional.hardswish(x),
        ActivationKind.GELU => nn.functional.gelu(x),
        ActivationKind.Mish => nn.functional.mish(x),
        ActivationKind.Sigmoid => x.sigmoid(),
        ActivationKind.Tanh => x.tanh(),
        _ => throw new InvalidOperationException($"The activation {Kind} has no formula."),
    };

    private static string PathOf(ActivationKind kind) =>
        ReferencePath.Torch + (kind == ActivationKind.Identity ? "linear." : "activation.") + kind;
}
