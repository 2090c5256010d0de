using System.Globalization;
using System.Text;
using System.Text.Json;
using YoloTune.Basics;

namespace YoloTune.DatasetTools.Conversion;

/// <summary>
/// Reads JSON files of any length piece by piece, so that a million annotations need no tree in memory and each knows its line.
/// </summary>
internal static class JsonFile
{
    private const string Remedy = "Fix that line. NaN and Infinity, which Python writes, are not JSON.";

    /// <summary>Walks the properties of the file's top level.</summary>
    /// <param name="file">The file.</param>
    /// <param name="choose">What to do with a property.</param>
    /// <param name="found">Gets a property's name, a value or item, and the line where that begins.</param>
    /// <exception cref="DatasetException">The file cannot be read, is not JSON, or its top level is not an object.</exception>
    public static void Read(string file, Func<string, JsonPart> choose, Action<string, JsonElement, int> found)
    {
        byte[] bytes = Load(file);
        int start = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        LineCounter lines = new(bytes, start);
        try
        {
            Utf8JsonReader reader = new(bytes.AsSpan(start));
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new DatasetException(
                    "the top level of the JSON is not an object, so that this is no file of annotations.", file, "line 1",
                    "COCO needs an object with images, annotations and categories, LabelMe one with shapes.");
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                JsonPart part = choose(name);
                reader.Read();
                if (part == JsonPart.Skip) reader.Skip();
                else if (part == JsonPart.Value) Hand(ref reader, name);
                else if (reader.TokenType != JsonTokenType.StartArray)
                    throw new DatasetException($"'{name}' is not a list.", file, lines.Place(reader.TokenStartIndex));
                else while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) Hand(ref reader, name);
            }
            // Text behind the end makes the reader throw.
            reader.Read();
        }
        catch (JsonException error)
        {
            string reason = error.Message.Split(" LineNumber:")[0];
            throw new DatasetException(
                "the file is not valid JSON: " + reason, file, FormattableString.Invariant($"line {error.LineNumber + 1}"), Remedy, error);
        }
        catch (InvalidOperationException error)
        {
            throw new DatasetException(
                "the file holds a text that is not valid Unicode: " + error.Message, file, lines.Here, "Save it as UTF-8.", error);
        }

        void Hand(ref Utf8JsonReader reader, string name)
        {
            int line = lines.At(reader.TokenStartIndex);
            using JsonDocument value = JsonDocument.ParseValue(ref reader);
            found(name, value.RootElement, line);
        }
    }

    /// <summary>The names of the top level's properties, in order.</summary>
    /// <exception cref="DatasetException">The file cannot be read, is not JSON, or its top level is not an object.</exception>
    public static IReadOnlyList<string> TopLevel(string file)
    {
        List<string> names = [];
        JsonPart Note(string name)
        {
            names.Add(name);
            return JsonPart.Skip;
        }
        Read(file, Note, (_, _, _) => { });
        return names;
    }

    /// <summary>A property of an object, or null when it is not there or null.</summary>
    public static JsonElement? Get(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value : null;

    /// <summary>A text, or null when it is none.</summary>
    public static string? Text(JsonElement item, string name) =>
        Get(item, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A name: a text, or a number as it stands in the file; null when it is neither.</summary>
    public static string? Name(JsonElement item, string name) =>
        Get(item, name) is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : Text(item, name);

    /// <summary>A number, or a text that is one; infinite when it is too large, null when it is none.</summary>
    public static double? Number(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out double result) => result,
        { ValueKind: JsonValueKind.String } text
            when double.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double result) => result,
        _ => null,
    };

    private static byte[] Load(string file)
    {
        try
        {
            byte[] bytes = SharedFile.ReadAllBytes(file);
            // UTF-16, which PowerShell 5.1 writes, has a mark or a zero in its first letter; JSON begins with ASCII.
            return bytes is [0xFE or 0xFF or 0, ..] or [_, 0, ..] ? Encoding.UTF8.GetBytes(TextFile.Decode(bytes)) : bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException("the annotations cannot be read: " + error.Message, file, inner: error);
        }
    }

    // Positions only grow, so that every newline is counted once.
    private sealed class LineCounter(byte[] bytes, int start)
    {
        private int counted, line = 1;

        public string Here => FormattableString.Invariant($"line {line}");

        public int At(long offset)
        {
            int target = start + (int)offset;
            line += bytes.AsSpan(counted, target - counted).Count((byte)'\n');
            counted = target;
            return line;
        }

        public string Place(long offset) => FormattableString.Invariant($"line {At(offset)}");
    }
}
