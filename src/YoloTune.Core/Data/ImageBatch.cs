using TorchSharp;
using YoloTune.Devices;

namespace YoloTune.Data;

/// <summary>
/// Images of one size with their labels, as the loss takes them.
/// </summary>
internal sealed record ImageBatch : IDisposable
{
    /// <summary>Pixels [N, 3, H, W], uint8, RGB.</summary>
    public required torch.Tensor Images { get; init; }

    /// <summary>The labels.</summary>
    public required Targets Targets { get; init; }

    /// <summary>Where each image came from and how it was fitted, in batch order.</summary>
    public IReadOnlyList<BatchImage> Sources { get; init; } = [];

    /// <summary>The labels image by image, as they were before they became tensors; empty for a batch that was not read.</summary>
    internal IReadOnlyList<Instances> Objects { get; init; } = [];

    /// <summary>
    /// What the frozen first layers make of the images, by layer, when that is known already: [N, C, H, W] each. The images are not there
    /// then: [N, 3, 0, 0].
    /// </summary>
    internal IReadOnlyDictionary<int, torch.Tensor>? Features { get; init; }

    /// <summary>
    /// The same batch once more, without the features: it stays when this one is disposed, and outside of any dispose scope.
    /// </summary>
    internal ImageBatch Share() => new()
    {
        Images = Images.alias().DetachFromDisposeScope(),
        Targets = Targets.Share(),
        Sources = Sources,
    };

    /// <summary>The batch on a device; on the one it is on it is the same. The copies belong to the caller's dispose scope.</summary>
    internal ImageBatch ToDevice(torch.Device device) => device.type == DeviceType.CPU ? this : this with
    {
        Images = Images.ToDevice(device),
        Targets = Targets.ToDevice(device),
        Features = Features?.ToDictionary(map => map.Key, map => map.Value.ToDevice(device)),
    };

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (torch.Tensor map in Features?.Values ?? []) map.Dispose();
        Images.Dispose();
        Targets.Dispose();
    }
}
