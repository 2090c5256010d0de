using TorchSharp;
using YoloTune.Basics;
using YoloTune.Devices;
using YoloTune.Networks;
using YoloTune.Networks.Heads;

namespace YoloTune.Inference;

/// <summary>
/// A network made ready for inference: folded and laid out channels-last in a copy, or the network itself in evaluation mode for as long as
/// this object lives. Evaluation and prediction both look at images through it, so they never disagree.
/// </summary>
internal sealed class InferenceNetwork : IInference
{
    private readonly YoloNetwork _original;
    private readonly bool _wasTraining;
    private readonly torch.ScalarType _type;
    private readonly bool _channelsLast;

    /// <param name="network">The network; it is left as it is.</param>
    /// <param name="fuse">Whether to fold convolutions and normalisations in a copy.</param>
    /// <param name="precision">The number format of the pass.</param>
    /// <param name="channelsLast">How images are laid out, and the kernels of a folded copy.</param>
    /// <exception cref="SelectionException">The device cannot compute in the number format.</exception>
    public InferenceNetwork(YoloNetwork network, bool fuse, Precision precision, bool channelsLast = true)
    {
        _original = network;
        _wasTraining = network.training;
        Device = network.parameters().First().device;
        Precision = PrecisionResolver.Resolve(precision, Device);
        _type = PrecisionResolver.TypeOf(Precision);
        _channelsLast = channelsLast;
        Network = fuse ? network.Fuse() : network;
        if (fuse && channelsLast) Network.ToChannelsLast();
        if (!fuse) network.eval();
    }

    /// <summary>The network that runs.</summary>
    public YoloNetwork Network { get; }

    /// <summary>Where it runs.</summary>
    public torch.Device Device { get; }

    /// <inheritdoc/>
    public Precision Precision { get; }

    /// <inheritdoc/>
    public int ClassCount => Network.ClassCount;

    /// <inheritdoc/>
    public (int Height, int Width)? FixedSize => null;

    /// <summary>Moves images [N, 3, H, W], uint8, to the device and to 0-1 in the pass's number format and layout.</summary>
    public torch.Tensor Prepare(torch.Tensor images)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        if (!_channelsLast) return images.ToDevice(Device).to(_type).div_(255).MoveToOuterDisposeScope();
        return images.ToDevice(Device).permute(0, 2, 3, 1).contiguous().to(_type).div_(255).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public InferenceOutput Predict(torch.Tensor images)
    {
        NetworkOutput output = Network.call(images);
        // An end-to-end head that is not folded computes its prototypes with the one-to-many branch.
        return new(Network.Decode(output), output, output.OneToMany?.Prototypes ?? output.OneToOne?.Prototypes);
    }

    /// <inheritdoc/>
    public PredictionLayout Layout => Network.EndToEnd ? PredictionLayout.EndToEndAnchors : PredictionLayout.Anchors;

    /// <summary>Waits for what was sent to an accelerator, so that a clock read afterwards tells the truth.</summary>
    public void Synchronize()
    {
        if (Device.type == DeviceType.CUDA) torch.cuda.synchronize(Device);
    }

    /// <summary>Frees the copy, or puts the network back into the mode it was in.</summary>
    public void Dispose()
    {
        if (!ReferenceEquals(Network, _original)) Network.Dispose();
        else if (_wasTraining) _original.train();
    }
}
