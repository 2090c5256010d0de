using TorchSharp;

namespace YoloTune.Data.Batches;

/// <summary>A batch that several threads write into: the tensor of its pixels, and the labels image by image.</summary>
internal sealed class BatchInProgress(int count, int height, int width) : IDisposable
{
    private readonly Instances[] labels = new Instances[count];
    private readonly BatchImage[] sources = new BatchImage[count];
    private readonly torch.Tensor pixels = NewPixels(count, height, width);
    private ImageBatch? result;

    public int Height => height;

    public int Width => width;

    /// <summary>The finished batch, after <see cref="Finish"/>.</summary>
    public ImageBatch Result => result ?? throw new InvalidOperationException("The batch is not finished.");

    /// <summary>The planes of one image, 3 x height x width bytes.</summary>
    public Span<byte> Planes(int image)
    {
        int size = 3 * height * width;
        return pixels.bytes.Slice(image * size, size);
    }

    /// <summary>Labels and source of one image.</summary>
    public void Set(int image, Instances found, BatchImage source)
    {
        labels[image] = found;
        sources[image] = source;
    }

    /// <summary>Makes the tensors of the labels.</summary>
    public BatchInProgress Finish()
    {
        result = Of(pixels, labels, sources);
        return this;
    }

    /// <summary>A batch from its pixels and the labels and source of each image.</summary>
    public static ImageBatch Of(torch.Tensor pixels, Instances[] labels, BatchImage[] sources)
    {
        return new ImageBatch { Images = pixels, Targets = Targets.Of(labels), Sources = sources, Objects = labels };
    }

    public void Dispose()
    {
        if (result is { } whole) whole.Dispose();
        else pixels.Dispose();
    }

    private static torch.Tensor NewPixels(int count, int height, int width)
        => torch.empty([count, 3, height, width], torch.ScalarType.Byte);
}
