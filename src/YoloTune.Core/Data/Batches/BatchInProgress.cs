using TorchSharp;

namespace YoloTune.Data.Batches;

/// <summary>A batch that several threads write into: the tensor of its pixels, and the labels image by image.</summary>
internal sealed class BatchInProgress(int count, int height, int width) : IDisposable
{
    private readonly (float[] Classes, float[] Boxes)[] labels = new (float[], float[])[count];
    private readonly BatchImage[] sources = new BatchImage[count];
    private readonly torch.Tensor pixels = NewPixels(count, height, width);
    private DetectionBatch? result;

    public int Height => height;

    public int Width => width;

    /// <summary>The finished batch, after <see cref="Finish"/>.</summary>
    public DetectionBatch Result => result ?? throw new InvalidOperationException("The batch is not finished.");

    /// <summary>The planes of one image, 3 x height x width bytes.</summary>
    public Span<byte> Planes(int image)
    {
        int size = 3 * height * width;
        return pixels.bytes.Slice(image * size, size);
    }

    /// <summary>Labels and source of one image.</summary>
    public void Set(int image, (float[] Classes, float[] Boxes) found, BatchImage source)
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
    public static DetectionBatch Of(torch.Tensor pixels, (float[] Classes, float[] Boxes)[] labels, BatchImage[] sources)
    {
        float[] classes = [.. labels.SelectMany(image => image.Classes)];
        float[] boxes = [.. labels.SelectMany(image => image.Boxes)];
        float[] index = [.. labels.SelectMany((image, i) => Enumerable.Repeat((float)i, image.Classes.Length))];
        return new DetectionBatch
        {
            Images = pixels,
            ImageIndex = torch.tensor(index, torch.ScalarType.Float32),
            Classes = torch.tensor(classes, torch.ScalarType.Float32),
            Boxes = torch.tensor(boxes, classes.Length, 4, torch.ScalarType.Float32),
            Sources = sources,
        };
    }

    /// <summary>The labels of each image of a batch: class ids, and centre and size of the boxes.</summary>
    public static (float[] Classes, float[] Boxes)[] LabelsOf(DetectionBatch batch)
    {
        float[] index = [.. batch.ImageIndex.data<float>()], classes = [.. batch.Classes.data<float>()], boxes = [.. batch.Boxes.data<float>()];
        (float[], float[])[] labels = new (float[], float[])[batch.Images.shape[0]];
        for (int image = 0; image < labels.Length; image++)
        {
            int first = Array.IndexOf(index, image), count = index.Count(owner => owner == image);
            labels[image] = count == 0 ? ([], []) : (classes[first..(first + count)], boxes[(4 * first)..(4 * (first + count))]);
        }
        return labels;
    }

    public void Dispose()
    {
        if (result is { } whole) whole.Dispose();
        else pixels.Dispose();
    }

    private static torch.Tensor NewPixels(int count, int height, int width)
        => torch.empty([count, 3, height, width], torch.ScalarType.Byte);
}
