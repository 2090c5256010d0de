using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace YoloTune.Architecture;

/// <summary>Reads a model YAML into plain values and remembers the lines of its rows.</summary>
internal static class ModelYaml
{
    /// <summary>Parses a YAML text.</summary>
    /// <returns>The top-level entries in order, and the line of each row of backbone and head.</returns>
    public static (List<KeyValuePair<string, object?>> Entries, Dictionary<string, List<int>> RowLines) Parse(string text, string file)
    {
        YamlStream stream = [];
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw new ModelFormatException(
                $"this is not valid YAML: {error.Message}.", file, $"line {error.Start.Line}", "Mend the file there.", error);
        }
        if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode root)
            throw new ModelFormatException(
                "a model description must be a mapping with backbone and head.", file, null, "See the built-in models for examples.");

        List<KeyValuePair<string, object?>> entries = [];
        Dictionary<string, List<int>> rowLines = [];
        foreach ((YamlNode key, YamlNode value) in root.Children)
        {
            string name = key is YamlScalarNode { Value: { } scalar } ? scalar : key.ToString();
            entries.Add(new(name, ValueOf(value)));
            if (name is "backbone" or "head" && value is YamlSequenceNode rows)
                rowLines[name] = [.. rows.Children.Select(row => (int)row.Start.Line)];
        }
        return (entries, rowLines);
    }

    private static object? ValueOf(YamlNode node) => node switch
    {
        YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any } plain => PythonLiteral.FromYaml(plain.Value ?? ""),
        YamlScalarNode quoted => quoted.Value,
        YamlSequenceNode sequence => sequence.Children.Select(ValueOf).ToList(),
        YamlMappingNode mapping => MappingOf(mapping),
        _ => node.ToString(),
    };

    private static Dictionary<string, object?> MappingOf(YamlMappingNode mapping)
    {
        Dictionary<string, object?> values = [];
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
            values[key is YamlScalarNode { Value: { } scalar } ? scalar : key.ToString()] = ValueOf(value);
        return values;
    }
}
