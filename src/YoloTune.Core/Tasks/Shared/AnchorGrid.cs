using TorchSharp;

namespace YoloTune.Tasks.Shared;

/// <summary>
/// The anchor points of a head for one image size: the centres of all cells of all levels, level by level, each level row by row.
/// A is their number.
/// </summary>
internal sealed class AnchorGrid : IDisposable
{
    private readonly torch.Tensor[] columns, rows;

    /// <summary>Lays out the points.</summary>
    /// <param name="grids">Rows and columns of each level, finest first.</param>
    /// <param name="strides">Pixels a cell of each level.</param>
    /// <param name="device">Where the tensors live.</param>
    public AnchorGrid(IReadOnlyList<(int Rows, int Columns)> grids, IReadOnlyList<int> strides, torch.Device device)
    {
        if (grids.Count != strides.Count || grids.Count == 0)
            throw new ArgumentException($"{grids.Count} grids do not go with {strides.Count} strides.", nameof(strides));
        Grids = [.. grids];
        Strides = [.. strides];
        Count = Grids.Sum(grid => (long)grid.Rows * grid.Columns);
        using DisposeScope scope = torch.NewDisposeScope();
        columns = [.. Grids.Select((grid, level) => Centres(grid.Columns, Strides[level]))];
        rows = [.. Grids.Select((grid, level) => Centres(grid.Rows, Strides[level]))];
        X = torch.cat([.. Grids.Select(grid => Cells(grid.Columns).unsqueeze(0).expand(grid.Rows, -1).reshape(-1))]);
        Y = torch.cat([.. Grids.Select(grid => Cells(grid.Rows).unsqueeze(1).expand(-1, grid.Columns).reshape(-1))]);
        Stride = torch.cat([.. Grids.Select((grid, level) =>
            torch.full([(long)grid.Rows * grid.Columns], Strides[level], dtype: torch.float32, device: device))]);
        foreach (torch.Tensor tensor in (torch.Tensor[])[X, Y, Stride, .. columns, .. rows]) tensor.DetachFromDisposeScope();

        torch.Tensor Cells(int count) => torch.arange(count, dtype: torch.float32, device: device) + 0.5;
        torch.Tensor Centres(int count, int stride) => Cells(count) * stride;
    }

    /// <summary>Rows and columns of each level.</summary>
    public IReadOnlyList<(int Rows, int Columns)> Grids { get; }

    /// <summary>Pixels a cell of each level.</summary>
    public IReadOnlyList<int> Strides { get; }

    /// <summary>The number of anchor points.</summary>
    public long Count { get; }

    /// <summary>x of each point in cells of its level: [A], float32.</summary>
    public torch.Tensor X { get; }

    /// <summary>y of each point in cells of its level: [A], float32.</summary>
    public torch.Tensor Y { get; }

    /// <summary>Pixels a cell at each point: [A], float32.</summary>
    public torch.Tensor Stride { get; }

    /// <summary>Width of the network's input in pixels, as the finest level gives it.</summary>
    public int ImageWidth => Grids[0].Columns * Strides[0];

    /// <summary>Height of the network's input in pixels, as the finest level gives it.</summary>
    public int ImageHeight => Grids[0].Rows * Strides[0];

    /// <summary>
    /// Tells which points lie strictly inside which boxes, farther than <paramref name="margin"/> from every side. Works on the rows and
    /// columns of each level, so that nothing of the size boxes x points but the answer is made.
    /// </summary>
    /// <param name="boxes">Pixel corners, planes [G].</param>
    /// <param name="valid">Boxes that take part at all: [G], bool.</param>
    /// <param name="margin">Pixels.</param>
    /// <returns>[G, A], bool.</returns>
    public torch.Tensor Inside(in BoxPlanes boxes, torch.Tensor valid, double margin)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor[] levels = new torch.Tensor[Grids.Count];
        for (int level = 0; level < levels.Length; level++)
        {
            torch.Tensor inColumn = Between(columns[level], boxes.Left, boxes.Right, margin);
            torch.Tensor inRow = Between(rows[level], boxes.Top, boxes.Bottom, margin) & valid.unsqueeze(1);
            levels[level] = (inRow.unsqueeze(2) & inColumn.unsqueeze(1)).flatten(1);
        }
        return torch.cat(levels, 1).MoveToOuterDisposeScope();
    }

    /// <summary>True when the grid was made for these levels and this device.</summary>
    public bool Fits(IReadOnlyList<(int Rows, int Columns)> grids, torch.Device device) =>
        Grids.SequenceEqual(grids) && X.device.type == device.type && X.device.index == device.index;

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (torch.Tensor tensor in (torch.Tensor[])[X, Y, Stride, .. columns, .. rows]) tensor.Dispose();
    }

    private static torch.Tensor Between(torch.Tensor centres, torch.Tensor low, torch.Tensor high, double margin) =>
        (centres - low.unsqueeze(1) > margin) & (high.unsqueeze(1) - centres > margin);
}
