using System.Text.Json;
using TorchSharp;
using YoloTune.Basics;

namespace YoloTune.Files.SafeTensors;

/// <summary>The header of a safetensors file, checked against the format: every byte of the data belongs to exactly one tensor.</summary>
/// <remarks>Source: the format's description in the README of huggingface/safetensors.</remarks>
internal sealed class SafeTensorsHeader
{
    private const int MaxRank = 32;

    private readonly string path;
    private readonly Tolerance? tolerate;

    public SafeTensorsHeader(ReadOnlyMemory<byte> json, long dataLength, string path, Tolerance? tolerate = null)
    {
        this.path = path;
        this.tolerate = tolerate;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Failure("the header is not a JSON object.");
            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!seen.Add(property.Name))
                {
                    Forbid("duplicate", "the header names it twice.", property.Name);
                    continue;
                }
                if (property.Name == "__metadata__") ReadMetadata(property.Value);
                else Entries.Add(ReadEntry(property));
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(
                "the header is not valid JSON.", path, "header", "The file is damaged, or it is not a safetensors file.", exception);
        }
        Checksum = FileChecksum.TakeFrom(Metadata);
        CheckRanges(dataLength);
    }

    public List<SafeTensorsEntry> Entries { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes note of what the format forbids: its kind, a reason, and the tensor concerned.</summary>
    public delegate void Tolerance(string kind, string reason, string? tensor);

    /// <summary>The checksum of the file where it is one of ours; null otherwise.</summary>
    public string? Checksum { get; }

    private void ReadMetadata(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Failure("the metadata is not an object.", "__metadata__");
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
            {
                throw Failure($"the metadata '{property.Name}' is not a text.", "__metadata__");
            }
            if (!Metadata.TryAdd(property.Name, property.Value.GetString()!))
            {
                Forbid("duplicate", $"the metadata '{property.Name}' stands twice.", "__metadata__");
            }
        }
    }

    private SafeTensorsEntry ReadEntry(JsonProperty property)
    {
        string name = property.Name;
        JsonElement value = property.Value;
        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out JsonElement shapeValue)
            || !value.TryGetProperty("data_offsets", out JsonElement rangeValue))
        {
            throw Failure("its description lacks dtype, shape or data_offsets.", name);
        }
        if (!SafeTensorsType.TryGet(dtype.GetString(), out torch.ScalarType type, out int size))
        {
            throw Failure($"its type '{dtype}' is not known.", name);
        }
        long[] shape = Integers(shapeValue, "shape", name);
        long[] range = Integers(rangeValue, "data_offsets", name);
        if (shape.Length > MaxRank) throw Failure($"it has {shape.Length} dimensions, more than the limit of {MaxRank}.", name);
        if (range.Length != 2 || range[1] < range[0]) throw Failure("its data_offsets are not a begin and an end.", name);
        try
        {
            long bytes = size;
            foreach (long length in shape) bytes = checked(bytes * length);
            if (bytes != range[1] - range[0]) throw Failure($"its shape needs {bytes} bytes, its range has {range[1] - range[0]}.", name);
        }
        catch (OverflowException exception)
        {
            throw new ModelFormatException("its sizes overflow.", path, $"tensor {name}", inner: exception);
        }
        return new(name, type, shape, range[0], range[1]);
    }

    private long[] Integers(JsonElement element, string what, string tensor)
    {
        if (element.ValueKind != JsonValueKind.Array) throw Failure($"its {what} is not a list.", tensor);
        long[] numbers = new long[element.GetArrayLength()];
        int count = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0)
            {
                throw Failure($"its {what} holds '{item}', which is not a whole number of 0 or more.", tensor);
            }
            numbers[count++] = number;
        }
        return numbers;
    }

    private void CheckRanges(long dataLength)
    {
        long end = 0;
        foreach (SafeTensorsEntry entry in Entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.End > dataLength)
            {
                throw Failure($"its range ends at byte {entry.End} of {dataLength}.", entry.Name, "The file is cut short; fetch it again.");
            }
            if (entry.Begin < end) Forbid("overlap", "its range overlaps that of another tensor.", entry.Name);
            if (entry.Begin > end) Forbid("gap", $"{entry.Begin - end} bytes before it belong to no tensor.", entry.Name);
            end = Math.Max(end, entry.End);
        }
        if (end != dataLength) Forbid("trailing", $"{dataLength - end} bytes at the end belong to no tensor.");
    }

    private void Forbid(string kind, string reason, string? tensor = null)
    {
        if (tolerate is null) throw Failure(reason, tensor);
        tolerate(kind, reason, tensor);
    }

    private ModelFormatException Failure(string message, string? tensor = null, string? remedy = null) =>
        new(message, path, tensor is null ? "header" : $"tensor {tensor}", remedy);
}
