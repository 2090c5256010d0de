using TorchSharp;
using YoloTune.Basics;
using YoloTune.Data.Augmentation;
using YoloTune.Data.Batches;

namespace YoloTune.Data.Features;

/// <summary>
/// Training batches that carry what the frozen first layers make of the images. A variant of the dataset is computed whole before the
/// first epoch that shows it, in the dataset's order, so that the values do not depend on the epoch it happens in: a run that is resumed
/// goes on with the same ones. It lives and ends with the layers it was made by, and so is never stale.
/// </summary>
internal sealed class FeatureBatches : IDisposable
{
    private readonly TrainingPipeline pipeline;
    private readonly Func<torch.Tensor, IReadOnlyDictionary<int, torch.Tensor>> compute;
    private readonly FeatureLayout layout;
    private readonly IFeatureStorage storage;
    private readonly int workers;
    private readonly Instances[] labels;
    private readonly bool[] filled;

    private FeatureBatches(
        TrainingPipeline pipeline, int workers, Func<torch.Tensor, IReadOnlyDictionary<int, torch.Tensor>> compute, FeatureLayout layout,
        IFeatureStorage storage)
    {
        (this.pipeline, this.workers, this.compute, this.layout, this.storage) = (pipeline, workers, compute, layout, storage);
        labels = new Instances[Places(pipeline)];
        filled = new bool[Sets(pipeline)];
    }

    /// <summary>Bytes the features of all variants take.</summary>
    public long Bytes => labels.Length * (long)layout.BytesPerImage;

    /// <summary>The layout of an image's features, from images of zeros.</summary>
    public static FeatureLayout LayoutOf(TrainingPipeline pipeline, Func<torch.Tensor, IReadOnlyDictionary<int, torch.Tensor>> compute)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (int height, int width) = pipeline.ShapeAt(0);
        return new(compute(torch.zeros([1, 3, height, width], torch.ScalarType.Byte)));
    }

    /// <summary>Bytes that the features of all variants of a pipeline's images will take.</summary>
    public static long BytesOf(TrainingPipeline pipeline, FeatureLayout layout) => Places(pipeline) * layout.BytesPerImage;

    /// <summary>Opens an empty cache.</summary>
    /// <param name="pipeline">Makes the images; each has a fixed number of variants.</param>
    /// <param name="workers">Threads that make images.</param>
    /// <param name="compute">The frozen layers: images [N, 3, H, W], uint8, to maps by layer.</param>
    /// <param name="layout">The maps' layout.</param>
    /// <param name="path">The file; null keeps everything in memory.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static FeatureBatches Open(
        TrainingPipeline pipeline, int workers, Func<torch.Tensor, IReadOnlyDictionary<int, torch.Tensor>> compute, FeatureLayout layout,
        string? path)
    {
        long places = Places(pipeline);
        return new(pipeline, workers, compute, layout, path is null
            ? new MemoryFeatureStorage(places)
            : new FileFeatureStorage(path, places, layout.BytesPerImage));
    }

    /// <summary>The batches of an epoch in the order they would have without the cache; the caller disposes each.</summary>
    /// <exception cref="DatasetException">While enumerating: an image is missing or damaged.</exception>
    public IEnumerable<ImageBatch> Epoch(int epoch, bool closeMosaic, CancellationToken cancellation)
    {
        int set = SetOf(epoch, closeMosaic);
        if (!filled[set]) Fill(set, epoch, closeMosaic, cancellation);
        int size = Math.Min(pipeline.Options.BatchSize, pipeline.Count);
        byte[] bytes = new byte[checked(size * layout.BytesPerImage)];
        foreach (int[] positions in Enumerable.Range(0, pipeline.Count).Chunk(size))
        {
            cancellation.ThrowIfCancellationRequested();
            long[] places = [.. positions.Select(position => Place(set, pipeline.IndexAt(epoch, position)))];
            for (int i = 0; i < places.Length; i++)
                storage.Read(places[i], bytes.AsSpan(i * layout.BytesPerImage, layout.BytesPerImage));
            yield return BatchInProgress.Of(
                torch.empty([places.Length, 3, 0, 0], torch.ScalarType.Byte), [.. places.Select(place => labels[place])],
                [.. positions.Select(position => TrainingBatches.SourceOf(pipeline, pipeline.ImageAt(epoch, position)))])
                with { Features = layout.Give(bytes, places.Length) };
        }
    }

    /// <summary>Frees the features.</summary>
    public void Dispose() => storage.Dispose();

    private static int Sets(TrainingPipeline pipeline) => pipeline.Variants!.Value * (pipeline.ClosingChanges ? 2 : 1);

    private static long Places(TrainingPipeline pipeline) => (long)Sets(pipeline) * pipeline.Dataset.Images.Count;

    private int SetOf(int epoch, bool closeMosaic)
    {
        int variants = pipeline.Variants!.Value;
        return (epoch % variants) + (closeMosaic && pipeline.ClosingChanges ? variants : 0);
    }

    private long Place(int set, int image) => ((long)set * pipeline.Dataset.Images.Count) + image;

    private void Fill(int set, int epoch, bool closeMosaic, CancellationToken cancellation)
    {
        int first = 0;
        byte[] bytes = new byte[layout.BytesPerImage];
        foreach (ImageBatch loaded in new TrainingBatches(pipeline, workers).Dataset(epoch, closeMosaic, cancellation))
        {
            using ImageBatch batch = loaded;
            using DisposeScope scope = torch.NewDisposeScope();
            int images = (int)batch.Images.shape[0];
            Dictionary<int, torch.Tensor> maps = compute(batch.Images).ToDictionary(map => map.Key, map => map.Value.cpu());
            for (int image = 0; image < images; image++)
            {
                layout.Take(maps, image, bytes);
                long place = Place(set, first + image);
                storage.Write(place, bytes);
                labels[place] = batch.Objects[image];
            }
            first += images;
        }
        filled[set] = true;
    }
}
