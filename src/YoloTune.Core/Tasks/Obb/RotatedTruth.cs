using TorchSharp;

namespace YoloTune.Tasks.Obb;

/// <summary>The labelled oriented boxes of a batch, all images one after the other; G is their number.</summary>
/// <param name="Image">The image each box belongs to: [G], int64, ascending.</param>
/// <param name="Classes">Class ids: [G], int64.</param>
/// <param name="Boxes">The boxes in pixels of the network's input: planes [G], float32.</param>
internal readonly record struct RotatedTruth(torch.Tensor Image, torch.Tensor Classes, RotatedPlanes Boxes)
{
    /// <summary>Boxes with a side below this teach nothing, in pixels.</summary>
    public const double LeastSide = 2;

    /// <summary>The number of boxes.</summary>
    public long Count => Image.size(0);

    /// <summary>
    /// Turns a batch's normalised boxes into pixels, in the caller's dispose scope. Boxes with a side below <see cref="LeastSide"/> are
    /// left out; sides below a cell of the finest level become two cells long, for the choice of anchors and for what they learn.
    /// </summary>
    /// <param name="image">[G], the image each box belongs to.</param>
    /// <param name="classes">[G] or [G, 1], class ids.</param>
    /// <param name="boxes">[G, 5]: x and width divided by the image's width, y and height by its height; the angle in radians.</param>
    /// <param name="width">Pixels of the network's input.</param>
    /// <param name="height">Pixels of the network's input.</param>
    /// <param name="strides">Pixels a cell of each level, finest first.</param>
    public static RotatedTruth Create(
        torch.Tensor image, torch.Tensor classes, torch.Tensor boxes, int width, int height, IReadOnlyList<int> strides)
    {
        torch.Tensor planes = boxes.to(torch.float32).t();
        torch.Tensor x = planes[0] * width, y = planes[1] * height, w = planes[2] * width, h = planes[3] * height, angle = planes[4];
        torch.Tensor kept = ((w >= LeastSide) & (h >= LeastSide) & (x + y + w + h + angle > 0)).nonzero().view(-1);
        RotatedPlanes all = new(x, y, Enlarge(w, strides), Enlarge(h, strides), angle);
        return new(
            image.to(torch.int64).index_select(0, kept), classes.reshape(-1).to(torch.int64).index_select(0, kept), all.Pick(kept));
    }

    /// <summary>Sides shorter than a cell of the finest level, made two cells long.</summary>
    public static torch.Tensor Enlarge(torch.Tensor side, IReadOnlyList<int> strides) =>
        torch.where(side < strides[0], torch.full_like(side, strides[Math.Min(1, strides.Count - 1)]), side);
}
