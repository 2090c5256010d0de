namespace YoloTune.Data.Batches;

/// <summary>
/// Batches of images with like aspects, each with the smallest frame that holds them: images sorted by height / width, and a shape for
/// every consecutive group.
/// </summary>
internal sealed class RectLayout
{
    /// <summary>Strides of padding added in validation, as in the reference: a mixed batch at 640 px is 672 x 672.</summary>
    public const double ValidationPad = 0.5;

    private RectLayout(IReadOnlyList<int> order, IReadOnlyList<(int Height, int Width)> shapes, int batchSize)
    {
        Order = order;
        Shapes = shapes;
        BatchSize = batchSize;
    }

    /// <summary>Indices of the images in batch order.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>Height and width of every batch.</summary>
    public IReadOnlyList<(int Height, int Width)> Shapes { get; }

    /// <summary>Images of a batch; the last may have fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Sorts images and computes shapes.</summary>
    /// <param name="images">The images.</param>
    /// <param name="batchSize">Images of a batch.</param>
    /// <param name="imageSize">The longer side, in pixels.</param>
    /// <param name="stride">Sides are multiples of it.</param>
    /// <param name="pad">Strides added before rounding up.</param>
    public static RectLayout Create(
        IReadOnlyList<DatasetImage> images, int batchSize, int imageSize, int stride = 32, double pad = ValidationPad)
    {
        int[] order = AspectOrder.Of([.. images.Select(image => image.Aspect)]);
        List<(int, int)> shapes = [];
        foreach (int[] group in order.Chunk(batchSize))
        {
            double least = images[group[0]].Aspect, most = images[group[^1]].Aspect;
            (double rows, double columns) = most < 1 ? (most, 1.0) : least > 1 ? (1.0, 1 / least) : (1.0, 1.0);
            shapes.Add((Side(rows), Side(columns)));
        }
        return new RectLayout(order, shapes, batchSize);
        int Side(double share) => (int)Math.Ceiling(share * imageSize / stride + pad) * stride;
    }
}
