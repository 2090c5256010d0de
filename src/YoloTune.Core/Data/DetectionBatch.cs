using TorchSharp;

namespace YoloTune.Data;

/// <summary>
/// Images of one size with their boxes, as the loss wants them. Boxes of all images stand one after the other in image order;
/// <see cref="ImageIndex"/> tells which image each belongs to.
/// </summary>
public sealed record DetectionBatch : IDisposable
{
    /// <summary>Pixels [N, 3, H, W], uint8, RGB.</summary>
    public required torch.Tensor Images { get; init; }

    /// <summary>The image a box belongs to: [boxes], float32, 0 to N-1, ascending.</summary>
    public required torch.Tensor ImageIndex { get; init; }

    /// <summary>Class ids [boxes], float32.</summary>
    public required torch.Tensor Classes { get; init; }

    /// <summary>Boxes [boxes, 4], float32: centre x, centre y, width, height, each divided by the batch's image width or height.</summary>
    public required torch.Tensor Boxes { get; init; }

    /// <summary>Where each image came from and how it was fitted, in batch order.</summary>
    public IReadOnlyList<BatchImage> Sources { get; init; } = [];

    /// <summary>
    /// What the frozen first layers make of the images, by layer, when that is known already: [N, C, H, W] each. The images are not there
    /// then: [N, 3, 0, 0].
    /// </summary>
    internal IReadOnlyDictionary<int, torch.Tensor>? Features { get; init; }

    /// <summary>The same batch once more, without the features: it stays when this one is disposed, and outside of any dispose scope.</summary>
    internal DetectionBatch Share() => new()
    {
        Images = Images.alias().DetachFromDisposeScope(),
        ImageIndex = ImageIndex.alias().DetachFromDisposeScope(),
        Classes = Classes.alias().DetachFromDisposeScope(),
        Boxes = Boxes.alias().DetachFromDisposeScope(),
        Sources = Sources,
    };

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (torch.Tensor map in Features?.Values ?? []) map.Dispose();
        Images.Dispose();
        ImageIndex.Dispose();
        Classes.Dispose();
        Boxes.Dispose();
    }
}
