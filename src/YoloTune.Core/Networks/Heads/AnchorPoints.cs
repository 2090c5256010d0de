using TorchSharp;
using static TorchSharp.torch;

namespace YoloTune.Networks.Heads;

/// <summary>The centres of the cells that a head predicts a box for, level by level, each level row by row.</summary>
/// <param name="Points">x and y in units of the level's stride: [2, A], float32.</param>
/// <param name="Strides">The level's stride in pixels: [1, A], float32.</param>
internal sealed record AnchorPoints(Tensor Points, Tensor Strides)
{
    private const double CellCentre = 0.5;

    /// <summary>Builds the points of the given grids on a device.</summary>
    /// <param name="grids">Rows and columns of each level.</param>
    /// <param name="strides">Pixels a cell of each level covers.</param>
    /// <param name="device">Where the tensors are wanted.</param>
    public static AnchorPoints Create(IReadOnlyList<(int Rows, int Columns)> grids, IReadOnlyList<int> strides, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> points = [];
        List<Tensor> pixels = [];
        for (int level = 0; level < grids.Count; level++)
        {
            (int rows, int columns) = grids[level];
            Tensor x = (arange(columns, float32, device) + CellCentre).repeat(rows);
            Tensor y = (arange(rows, float32, device) + CellCentre).repeat_interleave(columns);
            points.Add(stack([x, y], 0));
            pixels.Add(full([1, (long)rows * columns], strides[level], float32, device));
        }
        return new(cat(points, 1).MoveToOuterDisposeScope(), cat(pixels, 1).MoveToOuterDisposeScope());
    }
}
