using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YoloTune.Basics;

namespace YoloTune.Runs.Records;

/// <summary>args.yaml: the resolved options of a run by the reference's names.</summary>
internal static class ArgumentsFile
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the options, one a line.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, object?>> arguments)
    {
        StringBuilder text = new();
        foreach ((string name, object? value) in arguments) text.Append(name).Append(": ").Append(Text(value)).Append('\n');
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Reads the options: null, booleans, Int64, Double and strings; lists and maps are left out.</summary>
    /// <exception cref="TrainingException">The file is not YAML.</exception>
    public static IReadOnlyDictionary<string, object?> Read(string path)
    {
        Dictionary<string, object?> arguments = new(StringComparer.Ordinal);
        YamlStream stream = [];
        try
        {
            string text = SharedFile.ReadAllText(path);
            if (YamlNesting.LineTooDeep(text) is { } line)
            {
                throw new TrainingException("the options of the run nest too deeply.", path, FormattableString.Invariant($"line {line}"),
                    "Mend the file or remove it.");
            }
            stream.Load(new StringReader(text));
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw new TrainingException("the options of the run are not valid YAML.", path, null, "Mend the file or remove it.", error);
        }
        catch (YamlException error)
        {
            throw new TrainingException(
                "the options of the run cannot be read: " + error.Message, path,
                FormattableString.Invariant($"line {error.Start.Line}"), "Mend the file or remove it.", error);
        }
        if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode mapping) return arguments;
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { } name } && value is YamlScalarNode scalar) arguments[name] = Value(scalar);
        }
        return arguments;
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        // A double always shows its point or exponent, so that it is read as one.
        double number when number == Math.Floor(number) && Math.Abs(number) < 1e15 => number.ToString("0.0", CultureInfo.InvariantCulture),
        IFormattable number and not Enum => number.ToString(null, CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(value.ToString(), Readable),
    };

    private static object? Value(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        if (scalar.Style is ScalarStyle.DoubleQuoted or ScalarStyle.SingleQuoted) return text;
        return text switch
        {
            "" or "null" or "~" => null,
            "true" => true,
            "false" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => whole,
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
            _ => text,
        };
    }
}
