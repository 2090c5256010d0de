using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;

namespace YoloTune.Checkpoints;

/// <summary>
/// The safetensors format: an 8-byte little-endian header length, a JSON header that gives each tensor's type, shape and byte range,
/// then the raw little-endian data.
/// </summary>
public static class SafeTensorsFile
{
    /// <summary>Reads every tensor of a file into memory, in the order of the header.</summary>
    public static IReadOnlyDictionary<string, torch.Tensor> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int headerLength = checked((int)BinaryPrimitives.ReadInt64LittleEndian(file));
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, headerLength));
        Dictionary<string, torch.Tensor> tensors = [];
        foreach (JsonProperty entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__") continue;
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            long[] range = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
            torch.Tensor tensor = torch.empty(shape, ScalarTypeOf(entry.Value.GetProperty("dtype").GetString()!));
            file.AsSpan(8 + headerLength + (int)range[0], (int)(range[1] - range[0])).CopyTo(tensor.bytes);
            tensors.Add(entry.Name, tensor.DetachFromDisposeScope());
        }
        return tensors;
    }

    private static torch.ScalarType ScalarTypeOf(string name) => name switch
    {
        "F64" => torch.ScalarType.Float64,
        "F32" => torch.ScalarType.Float32,
        "F16" => torch.ScalarType.Float16,
        "BF16" => torch.ScalarType.BFloat16,
        "I64" => torch.ScalarType.Int64,
        "I32" => torch.ScalarType.Int32,
        "I16" => torch.ScalarType.Int16,
        "I8" => torch.ScalarType.Int8,
        "U8" => torch.ScalarType.Byte,
        "BOOL" => torch.ScalarType.Bool,
        _ => throw new ModelFormatException($"the tensor type {name} is not known."),
    };
}
