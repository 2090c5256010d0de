using System.Runtime.InteropServices;
using TorchSharp;
using YoloTune.Data;

namespace YoloTune.Tasks.Shared;

/// <summary>The labels of a batch as plain arrays, image by image, in pixels of the batch's images.</summary>
internal sealed class BatchLabels
{
    private readonly float[] _boxes;
    private readonly int[] _classes;
    private readonly int[] _starts;

    public BatchLabels(DetectionBatch batch, bool singleClass)
    {
        float height = batch.Images.shape[2], width = batch.Images.shape[3];
        float[] images = Values(batch.ImageIndex), classes = Values(batch.Classes), boxes = Values(batch.Boxes);
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

    private static float[] Values(torch.Tensor tensor)
    {
        using torch.Tensor host = NonMaxSuppression.ToHost(tensor);
        return MemoryMarshal.Cast<byte, float>(host.bytes).ToArray();
    }
}
