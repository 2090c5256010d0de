using TorchSharp;

namespace YoloTune.Tasks.Obb;

/// <summary>Oriented boxes, one tensor a number. The five tensors have one shape, or broadcast against each other; any unit.</summary>
/// <param name="X">x of the centre.</param>
/// <param name="Y">y of the centre.</param>
/// <param name="Width">Length of the first side.</param>
/// <param name="Height">Length of the second side.</param>
/// <param name="Angle">Radians from the x axis to the first side, clockwise on the screen.</param>
internal readonly record struct RotatedPlanes(
    torch.Tensor X, torch.Tensor Y, torch.Tensor Width, torch.Tensor Height, torch.Tensor Angle)
{
    /// <summary>Takes a tensor whose first dimension is x, y, width, height, angle: [5, ...].</summary>
    public static RotatedPlanes FromPlanes(torch.Tensor boxes) => new(boxes[0], boxes[1], boxes[2], boxes[3], boxes[4]);

    /// <summary>
    /// Boxes around anchor points from the distances to the four sides, measured in the frame of the box, and its angle.
    /// </summary>
    /// <param name="x">x of the points.</param>
    /// <param name="y">y of the points.</param>
    /// <param name="distances">Left, top, right, bottom in the unit of the points: [4, ...].</param>
    /// <param name="angle">The angles.</param>
    public static RotatedPlanes FromDistances(torch.Tensor x, torch.Tensor y, torch.Tensor distances, torch.Tensor angle)
    {
        torch.Tensor along = (distances[2] - distances[0]) / 2, across = (distances[3] - distances[1]) / 2;
        torch.Tensor cosine = angle.cos(), sine = angle.sin();
        return new(
            x + (along * cosine - across * sine), y + (along * sine + across * cosine),
            distances[0] + distances[2], distances[1] + distances[3], angle);
    }

    /// <summary>The distances from points to the four sides, measured in the frame of the box: [4, ...].</summary>
    public torch.Tensor ToDistances(torch.Tensor x, torch.Tensor y)
    {
        torch.Tensor cosine = Angle.cos(), sine = Angle.sin();
        torch.Tensor dx = X - x, dy = Y - y;
        torch.Tensor along = dx * cosine + dy * sine, across = dy * cosine - dx * sine;
        return torch.stack([Width / 2 - along, Height / 2 - across, Width / 2 + along, Height / 2 + across]);
    }

    /// <summary>The same boxes in another unit.</summary>
    public RotatedPlanes Scale(torch.Tensor factor) => new(X * factor, Y * factor, Width * factor, Height * factor, Angle);

    /// <summary>The boxes of the given indices.</summary>
    public RotatedPlanes Pick(torch.Tensor index) => new(
        X.index_select(0, index), Y.index_select(0, index), Width.index_select(0, index), Height.index_select(0, index),
        Angle.index_select(0, index));
}
