using TorchSharp;
using YoloTune.Devices;

namespace YoloTune.Data;

/// <summary>
/// The labels of a batch as tensors. Objects of all images stand one after the other in image order; <see cref="ImageIndex"/> says which
/// image each belongs to. What a task adds to boxes and classes is added here, and goes wherever these go.
/// </summary>
internal sealed record Targets : IDisposable
{
    /// <summary>The image an object belongs to: [objects], float32, 0 to N-1, ascending.</summary>
    public required torch.Tensor ImageIndex { get; init; }

    /// <summary>Class ids [objects], float32.</summary>
    public required torch.Tensor Classes { get; init; }

    /// <summary>Boxes [objects, 4], float32: centre x, centre y, width, height, each divided by the batch's image width or height.</summary>
    public required torch.Tensor Boxes { get; init; }

    /// <summary>The targets of images, in their order.</summary>
    public static Targets Of(IReadOnlyList<Instances> images)
    {
        float[] classes = [.. images.SelectMany(image => image.Classes)];
        float[] boxes = [.. images.SelectMany(image => image.Boxes)];
        float[] index = [.. images.SelectMany((image, i) => Enumerable.Repeat((float)i, image.Count))];
        return new()
        {
            ImageIndex = torch.tensor(index, torch.ScalarType.Float32),
            Classes = torch.tensor(classes, torch.ScalarType.Float32),
            Boxes = torch.tensor(boxes, classes.Length, 4, torch.ScalarType.Float32),
        };
    }

    /// <summary>The objects of each image again.</summary>
    /// <param name="images">Number of images.</param>
    public Instances[] ToInstances(int images)
    {
        float[] index = Values(ImageIndex), classes = Values(Classes), boxes = Values(Boxes);
        Instances[] result = new Instances[images];
        int first = 0;
        for (int image = 0; image < images; image++)
        {
            int end = first;
            while (end < index.Length && (int)index[end] == image) end++;
            result[image] = first == end ? Instances.None : new(classes[first..end], boxes[(4 * first)..(4 * end)]);
            first = end;
        }
        return result;
    }

    /// <summary>The same targets on a device; the copies belong to the caller's dispose scope.</summary>
    public Targets ToDevice(torch.Device device) => Map(tensor => tensor.ToDevice(device));

    /// <summary>The same targets once more, outside of any dispose scope: they stay when these are disposed.</summary>
    public Targets Share() => Map(tensor => tensor.alias().DetachFromDisposeScope());

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        ImageIndex.Dispose();
        Classes.Dispose();
        Boxes.Dispose();
    }

    private Targets Map(Func<torch.Tensor, torch.Tensor> change) =>
        new() { ImageIndex = change(ImageIndex), Classes = change(Classes), Boxes = change(Boxes) };

    private static float[] Values(torch.Tensor tensor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return [.. tensor.detach().to(torch.ScalarType.Float32).cpu().contiguous().data<float>()];
    }
}
