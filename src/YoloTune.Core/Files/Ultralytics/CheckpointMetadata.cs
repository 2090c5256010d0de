using System.Text.Encodings.Web;
using System.Text.Json;

namespace YoloTune.Files.Ultralytics;

/// <summary>
/// The metadata of files written by YoloTune: text by name, the same in a safetensors file and in the record <c>yolotune.json</c> of a
/// .pt. The names below are read back into <see cref="CheckpointContent"/>, their values being JSON; any others are carried along.
/// </summary>
public static class CheckpointMetadata
{
    /// <summary>Marks the metadata as ours; its value is the version of this layout.</summary>
    public const string Version = "yolotune";

    /// <summary>The version written.</summary>
    public const string CurrentVersion = "1";

    /// <summary>The model's definition, an object: see <see cref="CheckpointContent.ModelYaml"/>.</summary>
    public const string Yaml = "yaml";

    /// <summary>The classes, an array of texts.</summary>
    public const string Names = "names";

    /// <summary>The task, a text: detect, segment, pose, obb or classify.</summary>
    public const string Task = "task";

    /// <summary>The strides, an array of integers.</summary>
    public const string Stride = "stride";

    /// <summary>The training arguments, an object.</summary>
    public const string Arguments = "args";

    /// <summary>Other entries, an object: see <see cref="CheckpointContent.Extras"/>.</summary>
    public const string Extras = "extras";

    /// <summary>The record of a .pt that holds the metadata; torch.load leaves records it does not know aside.</summary>
    public const string RecordName = "yolotune.json";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes plain values (null, bool, numbers, text, lists, dictionaries with text keys) as JSON in their own order.</summary>
    /// <exception cref="ArgumentException">A value is of another type.</exception>
    public static string ToJson(object? value)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, WriterOptions)) Write(writer, value);
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Reads JSON into plain values: null, bool, long, double, string, lists and dictionaries in the order of the text.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static object? FromJson(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    internal static object? Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => Number(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Read).ToList(),
        JsonValueKind.Object => Entries(element),
        _ => null,
    };

    /// <summary>A number written with a point or an exponent is a double even where it is whole.</summary>
    private static object Number(JsonElement element)
    {
        bool isReal = element.GetRawText().AsSpan().ContainsAny('.', 'e', 'E');
        return !isReal && element.TryGetInt64(out long integer) ? (object)integer : element.GetDouble();
    }

    private static Dictionary<string, object?> Entries(JsonElement element)
    {
        Dictionary<string, object?> entries = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject()) entries[property.Name] = Read(property.Value);
        return entries;
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case bool truth: writer.WriteBooleanValue(truth); break;
            case int number: writer.WriteNumberValue(number); break;
            case long number: writer.WriteNumberValue(number); break;
            case float number: WriteNumber(writer, number); break;
            case double number: WriteNumber(writer, number); break;
            case string text: writer.WriteStringValue(text); break;
            case IEnumerable<KeyValuePair<string, object?>> entries:
                writer.WriteStartObject();
                foreach ((string name, object? item) in entries)
                {
                    writer.WritePropertyName(name);
                    Write(writer, item);
                }
                writer.WriteEndObject();
                break;
            case System.Collections.IEnumerable items and not System.Collections.IDictionary and not byte[]:
                writer.WriteStartArray();
                foreach (object? item in items) Write(writer, item);
                writer.WriteEndArray();
                break;
            default: throw new ArgumentException($"A value of type {value.GetType()} cannot be written as metadata.", nameof(value));
        }
    }

    /// <summary>A whole double keeps a decimal point, so that it comes back as a double; JSON has no NaN and no infinity.</summary>
    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (!double.IsFinite(number)) writer.WriteNullValue();
        else if (number == Math.Floor(number) && Math.Abs(number) < 1e15)
        {
            writer.WriteRawValue(number.ToString("F1", System.Globalization.CultureInfo.InvariantCulture), skipInputValidation: true);
        }
        else writer.WriteNumberValue(number);
    }
}
