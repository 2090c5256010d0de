using TorchSharp;

namespace YoloTune.Files.Torch;

/// <summary>The storage classes of torch's files and the tensor types they stand for.</summary>
internal static class TorchStorageType
{
    private static readonly Dictionary<string, (torch.ScalarType Type, int Size)> ByName = new(StringComparer.Ordinal)
    {
        ["HalfStorage"] = (torch.ScalarType.Float16, 2),
        ["FloatStorage"] = (torch.ScalarType.Float32, 4),
        ["DoubleStorage"] = (torch.ScalarType.Float64, 8),
        ["BFloat16Storage"] = (torch.ScalarType.BFloat16, 2),
        ["LongStorage"] = (torch.ScalarType.Int64, 8),
        ["IntStorage"] = (torch.ScalarType.Int32, 4),
        ["ShortStorage"] = (torch.ScalarType.Int16, 2),
        ["CharStorage"] = (torch.ScalarType.Int8, 1),
        ["ByteStorage"] = (torch.ScalarType.Byte, 1),
        ["BoolStorage"] = (torch.ScalarType.Bool, 1),
    };

    /// <summary>Finds a storage class of the module torch (or torch.cuda, of old files); the size of an element is in bytes.</summary>
    public static bool TryGet(PickleGlobal storage, out torch.ScalarType type, out int size)
    {
        bool found = ByName.TryGetValue(storage.Name, out var entry) && storage.Module is ("torch" or "torch.cuda");
        (type, size) = entry;
        return found;
    }

    /// <summary>The storage class of a tensor type.</summary>
    /// <exception cref="ArgumentException">torch.save has no storage class for the type (complex and quantised ones here).</exception>
    public static PickleGlobal Of(torch.ScalarType type)
    {
        foreach ((string name, var entry) in ByName)
        {
            if (entry.Type == type) return new("torch", name);
        }
        throw new ArgumentException($"Tensors of type {type} cannot be written to a checkpoint.", nameof(type));
    }
}
