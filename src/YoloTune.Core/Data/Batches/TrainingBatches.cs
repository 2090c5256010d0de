using YoloTune.Data.Augmentation;

namespace YoloTune.Data.Batches;

/// <summary>The batches of training epochs, prepared ahead by threads; the same batches whatever their number.</summary>
public sealed class TrainingBatches(TrainingPipeline pipeline, int workers = 2, int ahead = 4)
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
    public IEnumerable<DetectionBatch> Epoch(int epoch, bool closeMosaic = false, CancellationToken cancellation = default)
    {
        int batchSize = BatchSize;
        int[] sizes = Sizes;
        using BatchPrefetcher<BatchInProgress> prefetcher = new(
            sizes,
            batch =>
            {
                (int height, int width) = pipeline.ShapeAt(batch * batchSize);
                return new BatchInProgress(sizes[batch], height, width);
            },
            (batch, index, image) =>
            {
                int position = index * batchSize + image;
                (float[], float[]) labels = pipeline.Write(epoch, position, closeMosaic, batch.Planes(image));
                DatasetImage source = pipeline.ImageAt(epoch, position);
                // An augmented item has no way back to one original; the gain is that of loading.
                double gain = pipeline.Options.ImageSize / (double)Math.Max(source.Height, source.Width);
                batch.Set(image, labels, new BatchImage(source.Path, source.Height, source.Width, gain, 0, 0));
            },
            (batch, _) => batch.Finish(), workers, ahead);
        for (int i = 0; i < sizes.Length; i++) yield return prefetcher.Take(cancellation).Result;
    }
}
