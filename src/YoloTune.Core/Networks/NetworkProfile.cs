using System.Runtime.CompilerServices;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Networks.Architecture;
using YoloTune.Networks.Modules;
using static TorchSharp.torch;

namespace YoloTune.Networks;

/// <summary>Numbers of a plan that need its shapes but no weights; taken from a network on PyTorch's meta device.</summary>
public sealed class NetworkProfile
{
    private const int StrideImage = 256;
    private const int SmallestImage = 32;
    private static readonly ConditionalWeakTable<ModelPlan, NetworkProfile> Known = [];

    private readonly Lazy<double> operationsPerPixel;

    private NetworkProfile(ModelPlan plan, YoloNetwork network)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        network.eval();
        int?[] strides = new int?[plan.Layers.Count];
        network.Observe(Image(plan, StrideImage), (layer, maps) => strides[layer] = maps is [{ } map, ..] ? StrideOf(map) : null);
        LayerStrides = strides;
        Strides = !plan.Task.PredictsObjects ? [1] : [.. plan.Head.Sources.Select(source => source < 0 ? 1 : strides[source]!.Value)];
        operationsPerPixel = new(() => CountOperations(plan, Math.Max(SmallestImage, Strides.Max())));
        Parameters = network.parameters().Sum(parameter => parameter.numel());
        LeafModules = network.modules().Where(module => !module.children().Any()).Distinct(ReferenceEqualityComparer.Instance).Count();
    }

    /// <summary>Pixels a cell of each head level covers; [1] for classification.</summary>
    public IReadOnlyList<int> Strides { get; }

    /// <summary>The same for the output of each layer; null for the head.</summary>
    public IReadOnlyList<int?> LayerStrides { get; }

    /// <summary>Number of parameters.</summary>
    public long Parameters { get; }

    /// <summary>Modules without children, a shared one counted once: what training logs call layers.</summary>
    public int LeafModules { get; }

    /// <summary>The profile of a plan, computed once.</summary>
    /// <exception cref="ModelFormatException">The layers do not fit together.</exception>
    public static NetworkProfile Of(ModelPlan plan) => Known.GetValue(plan, static fresh =>
    {
        using DisposeScope scope = NewDisposeScope();
        using YoloNetwork network = YoloNetwork.CreateShapes(fresh);
        return new(fresh, network);
    });

    /// <summary>The same where a network of shapes is at hand.</summary>
    internal static NetworkProfile Of(ModelPlan plan, YoloNetwork shapes) => Known.GetValue(plan, fresh => new(fresh, shapes));

    /// <summary>
    /// Billions of operations for one square image: two for each multiplication of convolutions and linear layers, and small change for
    /// normalisation and enlargement.
    /// </summary>
    public double GFlops(int imageSize = ImageSizes.Usual) => operationsPerPixel.Value * imageSize * imageSize / 1e9;

    /// <summary>Counted only when they are asked for, which a training or an import never does.</summary>
    private static double CountOperations(ModelPlan plan, int size)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using YoloNetwork network = YoloNetwork.CreateShapes(plan);
        network.eval();
        double operations = 0;
        foreach (nn.Module module in network.modules()) Count(module, amount => operations += amount);
        network.Observe(Image(plan, size), (_, _) => { });
        return operations / ((double)size * size);
    }

    private static Tensor Image(ModelPlan plan, int size) => empty([1, plan.Channels, size, size], float32, new Device(DeviceType.META));

    private static int StrideOf(Tensor map) => map.dim() == 4 && map.shape[2] > 0 ? (int)(StrideImage / map.shape[2]) : 1;

    private static void Count(nn.Module module, Action<double> add)
    {
        const int normOperations = 4;
        switch (module)
        {
            case Conv2d conv:
                conv.register_forward_hook((_, _, y) => Report(y, 2.0 * conv.FanIn * y.numel()));
                break;
            case ConvTranspose2d conv:
                // The usual counters, and so the published figures, take every tap for every output pixel, strided or not.
                conv.register_forward_hook((_, _, y) => Report(y, 2.0 * conv.InChannels * conv.Kernel * conv.Kernel * y.numel()));
                break;
            case Linear linear:
                linear.register_forward_hook((_, _, y) => Report(y, 2.0 * linear.InFeatures * y.numel()));
                break;
            case BatchNorm2d norm:
                norm.register_forward_hook((_, _, y) => Report(y, 2.0 * normOperations * y.numel()));
                break;
            case Upsample upsample:
                upsample.register_forward_hook((_, _, y) => Report(y, 2.0 * y.numel()));
                break;
            default:
                break;
        }

        Tensor Report(Tensor output, double amount)
        {
            add(amount);
            return output;
        }
    }
}
