using TorchSharp;
using YoloTune.Devices;

namespace YoloTune.Data;

/// <summary>
/// The labels of a batch as tensors. Objects of all images stand one after the other in image order; <see cref="ImageIndex"/> says which
/// image each belongs to. What a task adds to boxes and classes stands in <see cref="Parts"/>, and goes wherever these go.
/// </summary>
internal sealed record Targets : IDisposable
{
    /// <summary>The image an object belongs to: [objects], float32, 0 to N-1, ascending.</summary>
    public required torch.Tensor ImageIndex { get; init; }

    /// <summary>Class ids [objects], float32.</summary>
    public required torch.Tensor Classes { get; init; }

    /// <summary>
    /// Boxes [objects, 4], float32: centre x, centre y, width, height, each divided by the batch's image width or height.
    /// </summary>
    public required torch.Tensor Boxes { get; init; }

    /// <summary>What the task adds, by name: an array an image [N, ...], or an array an object [objects, ...].</summary>
    public IReadOnlyDictionary<string, torch.Tensor> Parts { get; init; } = new Dictionary<string, torch.Tensor>();

    /// <summary>A part of the task's.</summary>
    /// <exception cref="ArgumentException">The batch lacks it: its images were read for another task.</exception>
    public torch.Tensor Part(string name) => Parts.TryGetValue(name, out torch.Tensor? part)
        ? part
        : throw new ArgumentException($"The batch has no '{name}': its images were read for another task.", nameof(name));

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
            Parts = images[0].Parts.Keys.ToDictionary(name => name, name => Join([.. images.Select(image => image.Parts[name])])),
        };
    }

    /// <summary>The classes and boxes of each image again, without the task's parts.</summary>
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
        foreach (torch.Tensor part in Parts.Values) part.Dispose();
    }

    private static torch.Tensor Join(TargetPart[] parts)
    {
        bool perObject = parts[0].PerObject;
        long[] shape = perObject ? [parts.Sum(part => part.Shape[0]), .. parts[0].Shape[1..]] : [parts.Length, .. parts[0].Shape];
        return parts[0].Values switch
        {
            byte[] => torch.tensor(Concatenate<byte>(parts), shape, torch.ScalarType.Byte),
            short[] => torch.tensor(Concatenate<short>(parts), shape, torch.ScalarType.Int16),
            float[] => torch.tensor(Concatenate<float>(parts), shape, torch.ScalarType.Float32),
            Array other => throw new NotSupportedException($"Parts of {other.GetType().Name} are not supported."),
        };
    }

    private static T[] Concatenate<T>(TargetPart[] parts)
    {
        T[] all = new T[parts.Sum(part => part.Values.Length)];
        int at = 0;
        foreach (TargetPart part in parts)
        {
            part.Values.CopyTo(all, at);
            at += part.Values.Length;
        }
        return all;
    }

    private Targets Map(Func<torch.Tensor, torch.Tensor> change) => new()
    {
        ImageIndex = change(ImageIndex),
        Classes = change(Classes),
        Boxes = change(Boxes),
        Parts = Parts.ToDictionary(part => part.Key, part => change(part.Value)),
    };

    private static float[] Values(torch.Tensor tensor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return [.. tensor.detach().to(torch.ScalarType.Float32).cpu().contiguous().data<float>()];
    }
}
