using TorchSharp;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// Boxes by their corners, one tensor a coordinate. The four tensors have one shape (or broadcast against each other); any unit.
/// Four planes keep every element-wise operation on contiguous memory, which rows of four would not.
/// </summary>
/// <param name="Left">Smallest x.</param>
/// <param name="Top">Smallest y.</param>
/// <param name="Right">Largest x.</param>
/// <param name="Bottom">Largest y.</param>
internal readonly record struct BoxPlanes(torch.Tensor Left, torch.Tensor Top, torch.Tensor Right, torch.Tensor Bottom)
{
    /// <summary>Takes a tensor whose first dimension is x1, y1, x2, y2: [4, ...].</summary>
    public static BoxPlanes FromPlanes(torch.Tensor corners) => new(corners[0], corners[1], corners[2], corners[3]);

    /// <summary>Takes a tensor whose last dimension is x1, y1, x2, y2: [..., 4].</summary>
    public static BoxPlanes FromRows(torch.Tensor corners)
    {
        torch.Tensor[] planes = corners.unbind(-1);
        return new(planes[0], planes[1], planes[2], planes[3]);
    }

    /// <summary>Takes a tensor whose last dimension is centre x, centre y, width, height: [..., 4].</summary>
    public static BoxPlanes FromCentres(torch.Tensor boxes)
    {
        torch.Tensor[] planes = boxes.unbind(-1);
        torch.Tensor halfWidth = planes[2] / 2, halfHeight = planes[3] / 2;
        return new(planes[0] - halfWidth, planes[1] - halfHeight, planes[0] + halfWidth, planes[1] + halfHeight);
    }

    /// <summary>
    /// Boxes around anchor points from the distances to the four sides. <paramref name="distances"/> [4, ...] is left, top, right, bottom
    /// in the unit of the points.
    /// </summary>
    public static BoxPlanes FromDistances(torch.Tensor x, torch.Tensor y, torch.Tensor distances) =>
        new(x - distances[0], y - distances[1], x + distances[2], y + distances[3]);

    /// <summary>The same boxes in another unit.</summary>
    public BoxPlanes Scale(torch.Tensor factor) => new(Left * factor, Top * factor, Right * factor, Bottom * factor);
}
