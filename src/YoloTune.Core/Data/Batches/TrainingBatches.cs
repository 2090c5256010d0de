using YoloTune.Basics;
using YoloTune.Data.Augmentation;


namespace YoloTune.Data.Batches;

/// <summary>The batches of training epochs, prepared ahead by threads; the same batches whatever their number.</summary>
internal sealed class TrainingBatches(TrainingPipeline pipeline, int workers = 2, int ahead = 4)
{
    /// <summary>Batches of an epoch; the last one may be smaller.</summary>
    public int Count => Sizes.Length;

    /// <summary>Images of an epoch.</summary>
    public int ImageCount => pipeline.Count;

    /// <summary>Images of a batch: as asked for, or all when there are fewer.</summary>
    public int BatchSize => Math.Min(pipeline.Options.BatchSize, pipeline.Count);

    private int[] Sizes => [.. Enumerable.Range(0, pipeline.Count).Chunk(BatchSize).Select(batch => batch.Length)];

    /// <summary>The batches of an epoch in order; the caller disposes each.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="closeMosaic">Without mosaic, copy-paste, mixup and cutmix, for the last epochs.</param>
    /// <param name="cancellation">Ends waiting with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="DatasetException">While enumerating: an image is missing or damaged.</exception>
    public IEnumerable<ImageBatch> Epoch(int epoch, bool closeMosaic = false, CancellationToken cancellation = default)
    {
        return Read(
            Sizes, pipeline.ShapeAt, (position, planes) => pipeline.Write(epoch, position, closeMosaic, planes),
            position => pipeline.ImageAt(epoch, position), cancellation);
    }

    /// <summary>Every image of the dataset once, in its order, as an epoch shows it; of a pipeline with variants.</summary>
    internal IEnumerable<ImageBatch> Dataset(int epoch, bool closeMosaic, CancellationToken cancellation)
    {
        IReadOnlyList<DatasetImage> images = pipeline.Dataset.Images;
        (int Height, int Width) shape = pipeline.ShapeAt(0);
        return Read(
            [.. images.Chunk(BatchSize).Select(batch => batch.Length)], _ => shape,
            (image, planes) => pipeline.WriteVariant(image, epoch, closeMosaic, shape, planes), image => images[image], cancellation);
    }

    /// <summary>Where an item comes from.</summary>
    internal static BatchImage SourceOf(TrainingPipeline pipeline, DatasetImage source)
    {
        // An augmented item has no way back to one original; the gain is that of loading.
        double gain = pipeline.Options.ImageSize / (double)Math.Max(source.Height, source.Width);
        return new BatchImage(source.Path, source.Height, source.Width, gain, 0, 0);
    }

    private IEnumerable<ImageBatch> Read(
        int[] sizes, Func<int, (int Height, int Width)> shapeOf, ItemWriter write, Func<int, DatasetImage> imageOf,
        CancellationToken cancellation)
    {
        int batchSize = BatchSize;
        using BatchPrefetcher<BatchInProgress> prefetcher = new(
            sizes,
            batch =>
            {
                (int height, int width) = shapeOf(batch * batchSize);
                return new BatchInProgress(sizes[batch], height, width);
            },
            (batch, index, image) =>
            {
                int position = index * batchSize + image;
                batch.Set(image, write(position, batch.Planes(image)), SourceOf(pipeline, imageOf(position)));
            },
            (batch, _) => batch.Finish(), workers, ahead);
        for (int i = 0; i < sizes.Length; i++) yield return prefetcher.Take(cancellation).Result;
    }

    private delegate Instances ItemWriter(int position, Span<byte> planes);
}
