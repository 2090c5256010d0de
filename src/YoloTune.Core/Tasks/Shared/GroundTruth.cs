using TorchSharp;

namespace YoloTune.Tasks.Shared;

/// <summary>The labelled boxes of a batch, all images one after the other; G is their number.</summary>
/// <param name="Image">The image each box belongs to: [G], int64, ascending.</param>
/// <param name="Classes">Class ids: [G], int64.</param>
/// <param name="Corners">x1, y1, x2, y2 in pixels of the network's input: [4, G], float32.</param>
internal readonly record struct GroundTruth(torch.Tensor Image, torch.Tensor Classes, torch.Tensor Corners)
{
    /// <summary>The number of boxes.</summary>
    public long Count => Image.size(0);

    /// <summary>Turns a batch's normalised boxes into pixel corners.</summary>
    /// <param name="image">[G], the image each box belongs to.</param>
    /// <param name="classes">[G] or [G, 1], class ids.</param>
    /// <param name="boxes">[G, 4]: centre x, centre y, width, height divided by the image's width or height.</param>
    /// <param name="width">Pixels of the network's input.</param>
    /// <param name="height">Pixels of the network's input.</param>
    public static GroundTruth Create(torch.Tensor image, torch.Tensor classes, torch.Tensor boxes, int width, int height)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor planes = boxes.to(torch.float32).t().contiguous();
        torch.Tensor x = planes[0] * width, y = planes[1] * height;
        torch.Tensor halfWidth = planes[2] * width / 2, halfHeight = planes[3] * height / 2;
        torch.Tensor corners = torch.stack([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight]);
        return new(
            image.to(torch.int64).MoveToOuterDisposeScope(),
            classes.reshape(-1).to(torch.int64).MoveToOuterDisposeScope(),
            corners.MoveToOuterDisposeScope());
    }
}
