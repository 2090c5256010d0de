using TorchSharp;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Networks.Heads;

/// <summary>The head of image classification: a 1x1 convolution, the mean over the image, a linear layer.</summary>
internal sealed class Classify : Component<IReadOnlyList<Tensor>, NetworkOutput>, IHead
{
    private const int Hidden = 1280;
    private readonly Conv conv;
    private readonly AdaptiveAvgPool2d pool;
    private readonly Dropout drop;
    private readonly Linear linear;

    /// <summary>Creates the head: c1 input channels, c2 classes.</summary>
    public Classify(BlockSettings settings, int c1, int c2, int k = 1, int s = 1, int? p = null, int g = 1)
        : base(ReferencePath.Head + "Classify")
    {
        conv = Child("conv", new Conv(settings, c1, Hidden, k, s, p is { } padding ? padding : (Pair?)null, g));
        pool = Child("pool", new AdaptiveAvgPool2d());
        drop = Child("drop", new Dropout());
        linear = Child("linear", new Linear(settings, Hidden, c2));
    }

    /// <summary>Number of classes.</summary>
    public int ClassCount => linear.OutFeatures;

    /// <summary>The output layer, whose rows are the classes.</summary>
    public Linear Output => linear;

    /// <summary>What leaves out features in training.</summary>
    public Dropout Dropout => drop;

    /// <inheritdoc />
    public IReadOnlyList<nn.Module> ClassRows => [linear];

    /// <inheritdoc />
    public IReadOnlyList<nn.Module> ClassBranches => [];

    /// <inheritdoc />
    public IReadOnlyList<nn.Module> Constants => [];

    /// <summary>The class outputs in a state dict.</summary>
    internal static StoredClasses? ReadClasses(Func<string, long[]?> shapeOf) =>
        shapeOf($"{nameof(linear)}.weight") is [var classes, ..] ? new((int)classes) : null;

    /// <summary>Maps feature maps, joined along the channels, to logits [N, classes], float32.</summary>
    public override NetworkOutput forward(IReadOnlyList<Tensor> inputs)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = inputs.Count == 1 ? inputs[0] : cat([.. inputs], 1);
        Tensor pooled = pool.call(conv.call(x)).flatten(1);
        return new() { Logits = linear.call(drop.call(pooled)).to(float32).MoveToOuterDisposeScope() };
    }
}
