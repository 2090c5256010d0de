using YoloTune.Basics;
using YoloTune.Data.Augmentation.WholeImages;
using YoloTune.Data.Batches;
using YoloTune.Data.Labels;
using YoloTune.Images;


namespace YoloTune.Data.Augmentation;

/// <summary>
/// Makes training items. An item depends on the seed, the epoch and its position in the epoch only, not on threads, caches or what was
/// made before, so that a resumed run equals an uninterrupted one. Several threads may make items at once.
/// </summary>
internal sealed class TrainingPipeline : IDisposable, ITrainingImages
{
    // Mosaic partners come from the images last used, as in the reference; without randomness about which those are.
    private const int WindowBatches = 8;
    private const int LargestWindow = 1000;

    private readonly ImageDataset dataset;
    private readonly PipelineOptions options;
    private readonly ImageStore store;
    private readonly EpochOrder order;
    private readonly RectLayout? rect;
    private readonly ItemComposer open;
    private readonly ItemComposer closed;

    private TrainingPipeline(ImageDataset dataset, PipelineOptions options, ImageStore? shared = null)
    {
        this.dataset = dataset;
        this.options = options;
        options.Augmentation.Validate();
        if (options.ImageSize % options.Stride != 0)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The image size {options.ImageSize} is no multiple of the stride {options.Stride}."),
                nameof(options));
        }
        store = shared ?? new ImageStore(new ImageStoreOptions
        {
            ImageSize = dataset.Labels.WholeImages ? null : options.ImageSize,
            Cache = options.Cache,
            CacheBytes = options.CacheBytes,
            CacheDirectory = options.CacheDirectory,
        });
        if (options.Rect && options.Replay is not null)
            throw new ArgumentException("Batches of like aspects cannot be mixed with a second dataset.", nameof(options));
        Count = options.Replay is { } replay ? dataset.Images.Count - replay.Count + replay.PerEpoch : dataset.Images.Count;
        int batch = Math.Min(options.BatchSize, Count);
        if (options.Rect) rect = RectLayout.Create(dataset.Images, batch, options.ImageSize, options.Stride, pad: 0);
        // With rect the order is that of the aspects, unless all batches have one shape.
        bool shuffles = rect is null || rect.Shapes.Distinct().Count() == 1;
        int window = Math.Min(Count, Math.Min(WindowBatches * batch, LargestWindow));
        order = new EpochOrder(Count, window, options.Seed, shuffles ? null : rect!.Order, options.Replay);
        AugmentationOptions augmentation = options.Rect
            ? options.Augmentation with { Mosaic = 0, MixUp = 0, CutMix = 0 }
            : options.Augmentation;
        if (!dataset.Labels.CanFlip) augmentation = augmentation with { FlipLr = 0, FlipUd = 0 };
        open = new ItemComposer(this, augmentation, dataset.Labels);
        closed = new ItemComposer(this, augmentation.WithoutMosaic(), dataset.Labels);
        Augmentation = augmentation;
    }

    /// <summary>The dataset.</summary>
    public ImageDataset Dataset => dataset;

    /// <summary>The options it was made with.</summary>
    public PipelineOptions Options => options;

    /// <summary>Where images are kept.</summary>
    public ImageStore Store => store;

    /// <summary>Items of an epoch.</summary>
    public int Count { get; }

    /// <summary>The augmentation in use; mosaic, mixup and cutmix are off with rect.</summary>
    public AugmentationOptions Augmentation { get; }

    /// <summary>
    /// How many different items an image makes: those of the options, or one when nothing about an item is random; null without limit.
    /// </summary>
    public int? Variants => (dataset.Labels.WholeImages ? WholeImageDraws.AreOff(Augmentation) : Augmentation.IsOff) ? 1 : options.Variants;

    /// <summary>Whether items of the last epochs, without mosaic, mixup, cutmix and copy-paste, differ from others.</summary>
    internal bool ClosingChanges => !dataset.Labels.WholeImages && Augmentation != Augmentation.WithoutMosaic();

    /// <summary>Opens a pipeline over a dataset.</summary>
    /// <exception cref="SelectionException">An augmentation option is out of its range.</exception>
    public static TrainingPipeline Create(ImageDataset dataset, PipelineOptions options) => new(dataset, options);

    /// <summary>
    /// The same images in the same order with other augmentation. It keeps its images where this pipeline does, and lives as long.
    /// </summary>
    /// <exception cref="SelectionException">An augmentation option is out of its range.</exception>
    public TrainingPipeline With(AugmentationOptions augmentation) => new(dataset, options with { Augmentation = augmentation }, store);

    /// <summary>Makes an item.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="position">The place in the epoch's order, from 0.</param>
    /// <param name="closeMosaic">Without mosaic, copy-paste, mixup and cutmix, for the last epochs.</param>
    /// <exception cref="DatasetException">An image is missing or damaged.</exception>
    public TrainingItem CreateItem(int epoch, int position, bool closeMosaic = false)
    {
        (int height, int width) = ShapeAt(position);
        byte[] planes = new byte[3 * height * width];
        return new TrainingItem(height, width, planes, Write(epoch, position, closeMosaic, planes));
    }

    /// <summary>Frees the images that are kept.</summary>
    public void Dispose() => store.Dispose();

    /// <summary>Height and width of the item at a position.</summary>
    internal (int Height, int Width) ShapeAt(int position)
        => rect is null ? (options.ImageSize, options.ImageSize) : rect.Shapes[position / rect.BatchSize];

    /// <summary>The image at a position.</summary>
    internal DatasetImage ImageAt(int epoch, int position) => dataset.Images[IndexAt(epoch, position)];

    /// <summary>The number in the dataset of the image at a position.</summary>
    internal int IndexAt(int epoch, int position) => order.Of(epoch)[position];

    /// <summary>Makes an item in memory that is there already.</summary>
    internal Instances Write(int epoch, int position, bool closeMosaic, Span<byte> planes)
    {
        int image = IndexAt(epoch, position);
        if (Variants is not null) return WriteVariant(image, epoch, closeMosaic, ShapeAt(position), planes);
        return Write(
            new RandomStream(options.Seed, "item", epoch, image), image, closeMosaic, ShapeAt(position),
            partners => order.Recent(partners, epoch, position), planes);
    }

    /// <summary>Makes the variant of an image that an epoch shows; it is the same wherever in the epoch the image stands.</summary>
    internal Instances WriteVariant(
        int image, int epoch, bool closeMosaic, (int Height, int Width) shape, Span<byte> planes) => Write(
            new RandomStream(options.Seed, "variant", epoch % Variants!.Value, image), image, closeMosaic, shape,
            partners => partners.Next(dataset.Images.Count), planes);

    private Instances Write(
        RandomStream stream, int image, bool closeMosaic, (int Height, int Width) shape, Func<RandomStream, int> partner, Span<byte> planes)
    {
        (int height, int width) = shape;
        if (dataset.Labels.WholeImages)
        {
            using ImageBuffer whole = store.Load(dataset.Images[image].Path);
            return WholeImageItems.Write(whole, dataset.Images[image].Labels, stream, Augmentation, height, planes);
        }
        ItemDraw draw = ItemDraw.Draw(
            stream, closeMosaic ? Augmentation.WithoutMosaic() : Augmentation, image, height, width, partner, dataset.Images.Count);
        List<PixelBox> boxes = (closeMosaic ? closed : open).Compose(draw, height, width, planes);
        return dataset.Labels.Complete(ItemComposer.Normalise(boxes, height, width), boxes, height, width);
    }

    ImageBuffer ITrainingImages.Load(int index) => store.Load(dataset.Images[index].Path);

    LabelSet ITrainingImages.Labels(int index) => dataset.Images[index].Labels;
}
