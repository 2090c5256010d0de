using TorchSharp;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Networks.Heads;

/// <summary>A normalising flow on points of the plane with affine coupling layers (RealNVP, 2016).</summary>
internal sealed class RealNVP : Component<Tensor, Tensor>
{
    private const int Layers = 6;
    private const int Hidden = 64;
    private const double InitialGain = 0.01;
    private Tensor loc;
    private Tensor cov;
    private Tensor mask;
    private readonly BlockList<BlockSequence> s;
    private readonly BlockList<BlockSequence> t;

    /// <summary>Creates the flow with nearly the identity as its map.</summary>
    public RealNVP(BlockSettings settings) : base(ReferencePath.Block + "RealNVP")
    {
        loc = Buffer("loc", zeros([2], float32, settings.Device));
        cov = Buffer("cov", eye(2, dtype: float32, device: settings.Device));
        float[] alternating = [.. Enumerable.Range(0, Layers).SelectMany(layer => layer % 2 == 0 ? [0f, 1f] : new[] { 1f, 0f })];
        using Tensor pattern = tensor(alternating).view(Layers, 2);
        mask = Buffer("mask", pattern.to(settings.Device, copy: true));
        s = Child("s", new BlockList<BlockSequence>(Enumerable.Range(0, Layers).Select(_ => Net(settings, bounded: true))));
        t = Child("t", new BlockList<BlockSequence>(Enumerable.Range(0, Layers).Select(_ => Net(settings, bounded: false))));
    }

    /// <summary>Maps points [n, 2] back to the base distribution: where they fall, and the log-determinant of the map [n].</summary>
    public (Tensor Points, Tensor LogDeterminant) Inverse(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor z = x;
        Tensor logDeterminant = zeros([x.shape[0]], x.dtype, x.device);
        for (int i = Layers - 1; i >= 0; i--)
        {
            Tensor kept = mask[i];
            Tensor free = 1 - kept;
            Tensor fixedPart = kept * z;
            Tensor scale = s[i].call(fixedPart) * free;
            Tensor shift = t[i].call(fixedPart) * free;
            z = (free * (z - shift) * (-scale).exp()) + fixedPart;
            logDeterminant = logDeterminant - scale.sum(1);
        }
        return (z.MoveToOuterDisposeScope(), logDeterminant.MoveToOuterDisposeScope());
    }

    /// <summary>The log-likelihood [n] of points [n, 2].</summary>
    public override Tensor forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor z, Tensor logDeterminant) = Inverse(x);
        Tensor normal = (-0.5 * (z - loc).square().sum(1)) - Math.Log(2 * Math.PI);
        return (normal + logDeterminant).MoveToOuterDisposeScope();
    }

    private static BlockSequence Net(BlockSettings settings, bool bounded)
    {
        Linear[] layers = [new(settings, 2, Hidden), new(settings, Hidden, Hidden), new(settings, Hidden, 2)];
        foreach (Linear layer in layers) settings.Initializer?.XavierUniform(layer.Matrix, InitialGain);
        List<Block> blocks =
            [layers[0], new Activation(ActivationKind.SiLU), layers[1], new Activation(ActivationKind.SiLU), layers[2]];
        if (bounded) blocks.Add(new Activation(ActivationKind.Tanh));
        return new(blocks);
    }
}
