using TorchSharp;
using YoloTune.Basics;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Modules;

namespace YoloTune.Networks;

/// <summary>Builds the module of a layer.</summary>
internal static class LayerFactory
{
    /// <exception cref="ModelFormatException">An argument has the wrong type, or the block cannot be built with these numbers.</exception>
    public static torch.nn.Module Create(ModelPlan plan, LayerPlan layer, BlockSettings settings)
    {
        LayerArguments arguments = new(layer, plan.Definition);
        try
        {
            return layer.Stacked == 1
                ? CreateOne(plan, layer, arguments, settings)
                : new BlockSequence(
                    Enumerable.Range(0, layer.Stacked).Select(_ => (Block)CreateOne(plan, layer, arguments, settings)).ToArray());
        }
        catch (Exception error) when (error is ArgumentException or DivideByZeroException or OverflowException)
        {
            throw plan.Definition.Error(
                $"{layer.Module} cannot be built: {error.Message}", layer.Position, "Change the widths or the arguments of the row.");
        }
    }

    private static torch.nn.Module CreateOne(ModelPlan plan, LayerPlan layer, LayerArguments a, BlockSettings settings) =>
        layer.Module switch
        {
            "Concat" => new Concat(a.Int(0, 1)),
            "CBLinear" => new CBLinear(settings, a.Int(0), a.List(1), a.Int(2, 1), a.Int(3, 1), a.OptionalInt(4), a.Int(5, 1)),
            "CBFuse" => new CBFuse(a.List(0)),
            _ => NetworkTask.HeadOf(layer.Module) is { } head ? head.Build(plan, a, settings) : CreateBlock(layer, a, settings),
        };

    private static Block CreateBlock(LayerPlan layer, LayerArguments a, BlockSettings s) => layer.Module switch
    {
        "Conv" => new Conv(
            s, a.Int(0), a.Int(1), a.Size(2, 1), a.Int(3, 1), a.OptionalInt(4) is { } p ? p : (Pair?)null, a.Int(5, 1), a.Int(6, 1),
            a.Act(7, s.Activation)),
        "DWConv" => new DWConv(s, a.Int(0), a.Int(1), a.Int(2, 1), a.Int(3, 1), a.Int(4, 1), a.Flag(5, true)),
        "ConvTranspose" => new ConvTranspose(
            s, a.Int(0), a.Int(1), a.Int(2, 2), a.Int(3, 2), a.Int(4, 0), a.Flag(5, true), a.Flag(6, true)),
        "Focus" => new Focus(
            s, a.Int(0), a.Int(1), a.Int(2, 1), a.Int(3, 1), a.OptionalInt(4) is { } p ? p : (Pair?)null, a.Int(5, 1), a.Flag(6, true)),
        "GhostConv" => new GhostConv(s, a.Int(0), a.Int(1), a.Int(2, 1), a.Int(3, 1), a.Int(4, 1), a.Flag(5, true)),
        "SCDown" => new SCDown(s, a.Int(0), a.Int(1), a.Int(2), a.Int(3)),
        "AConv" => new AConv(s, a.Int(0), a.Int(1)),
        "ADown" => new ADown(s, a.Int(0), a.Int(1)),
        "Bottleneck" => new Bottleneck(
            s, a.Int(0), a.Int(1), a.Flag(2, true), a.Int(3, 1), a.Kernels(4).First, a.Kernels(4).Second, a.Number(5, 0.5)),
        "GhostBottleneck" => new GhostBottleneck(s, a.Int(0), a.Int(1), a.Int(2, 3), a.Int(3, 1)),
        "BottleneckCSP" => new BottleneckCSP(s, a.Int(0), a.Int(1), a.Int(2), a.Flag(3, true), a.Int(4, 1), a.Number(5, 0.5)),
        "C1" => new C1(s, a.Int(0), a.Int(1), a.Int(2)),
        "C2" => new C2(s, a.Int(0), a.Int(1), a.Int(2), a.Flag(3, true), a.Int(4, 1), a.Number(5, 0.5)),
        "C2f" => new C2f(s, a.Int(0), a.Int(1), a.Int(2), a.Flag(3, false), a.Int(4, 1), a.Number(5, 0.5)),
        "C3" => new C3(s, a.Int(0), a.Int(1), a.Int(2), a.Flag(3, true), a.Int(4, 1), a.Number(5, 0.5)),
        "C3x" => C3.Crossed(s, a.Int(0), a.Int(1), a.Int(2), a.Flag(3, true), a.Int(4, 1), a.Number(5, 0.5)),
        "C3Ghost" => C3.Ghost(s, a.Int(0), a.Int(1), a.Int(2), a.Number(5, 0.5)),
        "C3k2" => C2f.Kernel2(
            s, a.Int(0), a.Int(1), a.Int(2), a.Flag(3, false), a.Number(4, 0.5), a.Flag(5, false), a.Int(6, 1), a.Flag(7, true)),
        "C2fCIB" => C2f.Compact(s, a.Int(0), a.Int(1), a.Int(2), a.Flag(3, false), a.Flag(4, false), a.Number(6, 0.5)),
        "C2fPSA" => C2f.Attentive(s, a.Int(0), a.Int(1), a.Int(2), a.Number(3, 0.5)),
        "RepC3" => new RepC3(s, a.Int(0), a.Int(1), a.Int(2), a.Number(3, 1.0)),
        "C2PSA" => new C2PSA(s, SameWidth(a), a.Int(2), a.Number(3, 0.5)),
        "PSA" => new PSA(s, SameWidth(a), a.Number(2, 0.5)),
        "A2C2f" => new A2C2f(
            s, a.Int(0), a.Int(1), a.Int(2), a.Flag(3, true), a.Int(4, 1), a.Flag(5, false), a.Number(6, 2.0), a.Number(7, 0.5),
            a.Int(8, 1), a.Flag(9, true)),
        "SPP" => new SPP(s, a.Int(0), a.Int(1), a.List(2, [5, 9, 13])),
        "SPPF" => new SPPF(s, a.Int(0), a.Int(1), a.Int(2, 5), a.Int(3, 3), a.Flag(4, false)),
        "SPPELAN" => new SPPELAN(s, a.Int(0), a.Int(1), a.Int(2), a.Int(3, 5)),
        "RepNCSPELAN4" => new RepNCSPELAN4(s, a.Int(0), a.Int(1), a.Int(2), a.Int(3), a.Int(4, 1)),
        "ELAN1" => RepNCSPELAN4.Plain(s, a.Int(0), a.Int(1), a.Int(2), a.Int(3)),
        "nn.ConvTranspose2d" => new ConvTranspose2d(s, a.Int(0), a.Int(1), a.Int(2), a.Int(3, 1), a.Int(4, 0)),
        "nn.Upsample" => new Upsample(a.Int(1)),
        "nn.MaxPool2d" => new MaxPool2d(a.Int(0), a.Int(1, a.Int(0)), a.Int(2, 0)),
        "nn.ZeroPad2d" => Padding(a),
        "nn.BatchNorm2d" => new BatchNorm2d(s, layer.InputChannels[0]),
        "nn.Identity" or "Silence" => new Activation(ActivationKind.Identity),
        _ => throw new ArgumentException($"no block is registered for {layer.Module}"),
    };

    private static ZeroPad2d Padding(LayerArguments a)
    {
        IReadOnlyList<int> sides = a.List(0);
        return sides.Count == 4
            ? new(sides[0], sides[1], sides[2], sides[3])
            : throw new ArgumentException("the padding needs four numbers: left, right, top, bottom.");
    }

    private static int SameWidth(LayerArguments a) => a.Int(0) == a.Int(1)
        ? a.Int(0)
        : throw new ArgumentException($"its input has {a.Int(0)} channels and its output {a.Int(1)}; they must be equal.");
}
