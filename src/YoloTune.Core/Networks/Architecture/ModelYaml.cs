using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YoloTune.Basics;

namespace YoloTune.Networks.Architecture;

/// <summary>Reads a model YAML into plain values and remembers the lines of its rows.</summary>
internal static class ModelYaml
{
    // A real description has some thousand values; beyond these a file is an accident or an attack.
    private const int MostValues = 100_000;

    /// <summary>Parses a YAML text.</summary>
    /// <returns>The top-level entries in order, and the line of each row of backbone and head.</returns>
    public static (List<KeyValuePair<string, object?>> Entries, Dictionary<string, List<int>> RowLines) Parse(string text, string file)
    {
        YamlStream stream = [];
        try
        {
            if (YamlNesting.LineTooDeep(text) is { } line)
                throw new ModelFormatException("the lists are nested too deeply.", file, $"line {line}", "A row has at most two levels.");
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw new ModelFormatException(
                $"this is not valid YAML: {error.Message}.", file, $"line {error.Start.Line}", "Mend the file there.", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw new ModelFormatException("this is not valid YAML.", file, null, "Look for a bracket that is not closed.", error);
        }
        if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode root)
            throw new ModelFormatException(
                "a model description must be a mapping with backbone and head.", file, null, "See the built-in models for examples.");

        List<KeyValuePair<string, object?>> entries = [];
        Dictionary<string, List<int>> rowLines = [];
        int budget = MostValues;
        foreach ((YamlNode key, YamlNode value) in root.Children)
        {
            string name = NameOf(key);
            entries.Add(new(name, ValueOf(value, file, 0, ref budget)));
            if (name is "backbone" or "head" && value is YamlSequenceNode rows)
                rowLines[name] = [.. rows.Children.Select(row => (int)row.Start.Line)];
        }
        return (entries, rowLines);
    }

    // Aliases can make a small file endless, therefore the budget.
    private static object? ValueOf(YamlNode node, string file, int depth, ref int budget)
    {
        if (--budget < 0 || depth > YamlNesting.Deepest)
            throw new ModelFormatException(
                "the file's aliases make it too large.", file, $"line {node.Start.Line}", "Write the values out instead.");
        switch (node)
        {
            case YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any } plain:
                return PythonLiteral.FromYaml(plain.Value ?? "");
            case YamlScalarNode quoted:
                return quoted.Value;
            case YamlSequenceNode sequence:
                List<object?> items = [];
                foreach (YamlNode item in sequence.Children) items.Add(ValueOf(item, file, depth + 1, ref budget));
                return items;
            case YamlMappingNode mapping:
                Dictionary<string, object?> values = [];
                foreach ((YamlNode key, YamlNode value) in mapping.Children)
                    values[NameOf(key)] = ValueOf(value, file, depth + 1, ref budget);
                return values;
            default:
                return null;
        }
    }

    private static string NameOf(YamlNode key) => key is YamlScalarNode { Value: { } scalar } ? scalar : key.ToString();
}
