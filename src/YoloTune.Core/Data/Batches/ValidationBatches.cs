using YoloTune.Basics;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Labels;
using YoloTune.Images;

namespace YoloTune.Data.Batches;

/// <summary>The batches of an evaluation: letterboxed images with their labels, prepared ahead by threads.</summary>
internal sealed class ValidationBatches
{
    private readonly ImageDataset dataset;
    private readonly ValidationBatchOptions options;
    private readonly IReadOnlyList<int> order;
    private readonly IReadOnlyList<(int Height, int Width)> shapes;

    /// <summary>Lays the batches out; nothing is read yet.</summary>
    public ValidationBatches(ImageDataset dataset, ValidationBatchOptions options)
    {
        this.dataset = dataset;
        this.options = options;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchSize);
        if (options.Rect && !dataset.Labels.WholeImages)
        {
            RectLayout rect = RectLayout.Create(dataset.Images, options.BatchSize, options.ImageSize, options.Stride);
            (order, shapes) = (rect.Order, rect.Shapes);
        }
        else
        {
            int count = (dataset.Images.Count + options.BatchSize - 1) / options.BatchSize;
            order = [.. Enumerable.Range(0, dataset.Images.Count)];
            shapes = [.. Enumerable.Repeat((options.ImageSize, options.ImageSize), count)];
        }
    }

    /// <summary>Number of batches.</summary>
    public int Count => shapes.Count;

    /// <summary>Number of images.</summary>
    public int ImageCount => dataset.Images.Count;

    /// <summary>Height and width of each batch.</summary>
    public IReadOnlyList<(int Height, int Width)> Shapes => shapes;

    /// <summary>Indices of the dataset's images in batch order.</summary>
    public IReadOnlyList<int> Order => order;

    /// <summary>The batches in order; the caller disposes each.</summary>
    /// <param name="cancellation">Ends waiting with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="DatasetException">While enumerating: an image is missing or damaged.</exception>
    public IEnumerable<ImageBatch> Read(CancellationToken cancellation = default)
    {
        int[] sizes = [.. order.Chunk(options.BatchSize).Select(batch => batch.Length)];
        using BatchPrefetcher<BatchInProgress> prefetcher = new(
            sizes, batch => new BatchInProgress(sizes[batch], shapes[batch].Height, shapes[batch].Width),
            (batch, index, image) => Fill(batch, image, dataset.Images[order[index * options.BatchSize + image]]),
            (batch, _) => batch.Finish(), options.Workers, options.Ahead);
        for (int i = 0; i < sizes.Length; i++) yield return prefetcher.Take(cancellation).Result;
    }

    private void Fill(BatchInProgress batch, int slot, DatasetImage image)
    {
        using ImageBuffer decoded = ImageDecoder.Decode(image.Path, out ImageInfo info);
        if (dataset.Labels.WholeImages)
        {
            using ImageBuffer square = CentreCrop.Apply(decoded, batch.Height, batch.Width);
            PlanarRgb.Write(square, batch.Planes(slot));
            batch.Set(slot, ClassFolders.InstancesOf(image.Labels), new(image.Path, info.Height, info.Width, 1, 0, 0));
            return;
        }
        (int height, int width) = Resizer.LongSideSize(info.Height, info.Width, options.ImageSize);
        using ImageBuffer loaded = Resizer.Resize(decoded, height, width);
        LetterboxGeometry fit = Letterbox.Fit(height, width, batch.Height, batch.Width, scaleUp: false);
        using ImageBuffer framed = Letterbox.Apply(loaded, fit);
        PlanarRgb.Write(framed, batch.Planes(slot));
        double gain = height / (double)info.Height * fit.Ratio;
        Instances boxes = Labels(image.Labels, height * fit.Ratio, width * fit.Ratio, fit, batch);
        PixelBox[] objects = [.. ItemComposer.ObjectsOf(image.Labels, dataset.Labels, height, width, fit.Ratio, fit.Left, fit.Top)];
        batch.Set(slot, dataset.Labels.Complete(boxes, objects, batch.Height, batch.Width), new BatchImage(
            image.Path, info.Height, info.Width, gain, fit.Left, fit.Top));
    }

    private static Instances Labels(
        LabelSet labels, double height, double width, LetterboxGeometry fit, BatchInProgress batch)
    {
        float[] boxes = new float[4 * labels.Count];
        for (int i = 0; i < labels.Count; i++)
        {
            LabelBox box = labels.Boxes[i];
            boxes[4 * i] = (float)((box.X * width + fit.Left) / batch.Width);
            boxes[4 * i + 1] = (float)((box.Y * height + fit.Top) / batch.Height);
            boxes[4 * i + 2] = (float)(box.Width * width / batch.Width);
            boxes[4 * i + 3] = (float)(box.Height * height / batch.Height);
        }
        return new([.. labels.Classes], boxes);
    }
}
