using TorchSharp;
using YoloTune.Networks;
using YoloTune.Networks.Heads;
using YoloTune.Networks.Modules;

namespace YoloTune.Training;

/// <summary>
/// The first layers of a network as far as nothing in them learns, in a copy for inference: convolutions and normalisations folded, no
/// gradients. Folding changes the maps by rounding alone.
/// </summary>
internal sealed class FrozenPrefix : IDisposable
{
    private readonly YoloNetwork whole, folded;
    private readonly torch.ScalarType precision;

    private FrozenPrefix(YoloNetwork whole, int count, torch.ScalarType precision)
    {
        (this.whole, this.precision, Count) = (whole, precision, count);
        folded = whole.Fuse().ToChannelsLast();
    }

    /// <summary>Layers that do not learn.</summary>
    public int Count { get; }

    /// <summary>The number format of the maps.</summary>
    public torch.ScalarType Precision => precision;

    /// <summary>The prefix of a network as it is frozen now; null when its first layer learns.</summary>
    /// <param name="network">The network; it has to keep the prefix's weights for as long as this lives.</param>
    /// <param name="precision">The number format of the pass.</param>
    public static FrozenPrefix? Of(YoloNetwork network, torch.ScalarType precision)
    {
        int count = network.Layers.TakeWhile(layer => !Learns(layer.Module)).Count();
        count = Math.Min(count, network.Layers.Count - 1);
        while (count > 0 && !network.CanCutBefore(count)) count--;
        return count == 0 ? null : new(network, count, precision);
    }

    /// <summary>The maps of the prefix that later layers read, by layer, for images [N, 3, H, W], uint8.</summary>
    public IReadOnlyDictionary<int, torch.Tensor> Run(torch.Tensor images)
    {
        using IDisposable untracked = torch.no_grad();
        using torch.Tensor input = TrainingStep.Input(images, precision, channelsLast: true);
        return folded.RunBefore(Count, input);
    }

    /// <summary>What the network gives for the maps of its prefix, which are used up.</summary>
    public NetworkOutput Complete(IReadOnlyDictionary<int, torch.Tensor> maps) => whole.RunFrom(Count, maps);

    /// <summary>Frees the copy.</summary>
    public void Dispose() => folded.Dispose();

    private static bool Learns(torch.nn.Module layer) =>
        layer.parameters().Any(parameter => parameter.requires_grad)
        || layer.modules().OfType<BatchNorm2d>().Append(layer as BatchNorm2d).Any(norm => norm is { KeepStatistics: false });
}
