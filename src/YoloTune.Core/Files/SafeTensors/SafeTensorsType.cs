using TorchSharp;

namespace YoloTune.Files.SafeTensors;

/// <summary>The element types of the safetensors format that tensors can have here.</summary>
internal static class SafeTensorsType
{
    private static readonly (string Name, torch.ScalarType Type, int Size)[] All =
    [
        ("F64", torch.ScalarType.Float64, 8),
        ("F32", torch.ScalarType.Float32, 4),
        ("F16", torch.ScalarType.Float16, 2),
        ("BF16", torch.ScalarType.BFloat16, 2),
        ("I64", torch.ScalarType.Int64, 8),
        ("I32", torch.ScalarType.Int32, 4),
        ("I16", torch.ScalarType.Int16, 2),
        ("I8", torch.ScalarType.Int8, 1),
        ("U8", torch.ScalarType.Byte, 1),
        ("BOOL", torch.ScalarType.Bool, 1),
    ];

    /// <summary>Finds a type by its name in the format; the size of an element is in bytes.</summary>
    public static bool TryGet(string? name, out torch.ScalarType type, out int size)
    {
        foreach (var entry in All)
        {
            if (entry.Name != name) continue;
            (type, size) = (entry.Type, entry.Size);
            return true;
        }
        (type, size) = (default, 0);
        return false;
    }

    /// <summary>The name of a type in the format.</summary>
    /// <exception cref="ArgumentException">The format has no name for the type.</exception>
    public static (string Name, int Size) Of(torch.ScalarType type)
    {
        foreach (var entry in All)
        {
            if (entry.Type == type) return (entry.Name, entry.Size);
        }
        throw new ArgumentException($"Tensors of type {type} cannot be written to a safetensors file.", nameof(type));
    }
}
