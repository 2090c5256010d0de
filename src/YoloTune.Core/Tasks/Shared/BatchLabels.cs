using System.Runtime.InteropServices;
using TorchSharp;
using YoloTune.Basics;
using YoloTune.Data;

namespace YoloTune.Tasks.Shared;

/// <summary>The labels of a batch as plain arrays, image by image, in pixels of the batch's images.</summary>
internal sealed class BatchLabels
{
    private readonly float[] _boxes;
    private readonly int[] _classes;
    private readonly int[] _starts;

    public BatchLabels(ImageBatch batch, bool singleClass)
    {
        float height = batch.Images.shape[2], width = batch.Images.shape[3];
        float[] images = Values(batch.Targets.ImageIndex), classes = Values(batch.Targets.Classes), boxes = Values(batch.Targets.Boxes);
        _classes = [.. classes.Select(c => singleClass ? 0 : (int)c)];
        _boxes = new float[boxes.Length];
        for (int i = 0; i < boxes.Length; i += 4)
        {
            float halfWidth = boxes[i + 2] / 2, halfHeight = boxes[i + 3] / 2;
            _boxes[i] = (boxes[i] - halfWidth) * width;
            _boxes[i + 1] = (boxes[i + 1] - halfHeight) * height;
            _boxes[i + 2] = (boxes[i] + halfWidth) * width;
            _boxes[i + 3] = (boxes[i + 1] + halfHeight) * height;
        }
        _starts = new int[batch.Images.shape[0] + 1];
        foreach (float image in images) _starts[(int)image + 1]++;
        for (int i = 1; i < _starts.Length; i++) _starts[i] += _starts[i - 1];
    }

    /// <summary>The largest class id, or -1 without labels.</summary>
    public int LargestClass => _classes.Length == 0 ? -1 : _classes.Max();

    public ReadOnlySpan<float> Boxes(int image) => _boxes.AsSpan((4 * _starts[image])..(4 * _starts[image + 1]));

    public ReadOnlySpan<int> Classes(int image) => _classes.AsSpan(_starts[image].._starts[image + 1]);

    /// <summary>The number of the first label of an image among those of the batch.</summary>
    public int First(int image) => _starts[image];

    /// <summary>Refuses labels of classes that the model does not have.</summary>
    /// <param name="classes">Number of classes of the model.</param>
    /// <param name="batch">The batch, for the message.</param>
    /// <exception cref="DatasetException">There is such a label.</exception>
    public void CheckClasses(int classes, ImageBatch batch)
    {
        if (LargestClass < classes) return;
        int image = Enumerable.Range(0, _starts.Length - 1).First(i => Classes(i).ContainsAnyInRange(classes, int.MaxValue));
        throw new DatasetException(
            FormattableString.Invariant($"a label has class {LargestClass}, but the model has {classes} classes (0 to {classes - 1})."),
            batch.Sources.ElementAtOrDefault(image)?.Path,
            remedy: "Measure the model on a dataset with the classes it was trained for.");
    }

    /// <summary>A tensor's values as float32 in the host's memory.</summary>
    public static float[] Values(torch.Tensor tensor)
    {
        using torch.Tensor host = NonMaxSuppression.ToHost(tensor);
        return MemoryMarshal.Cast<byte, float>(host.bytes).ToArray();
    }
}
