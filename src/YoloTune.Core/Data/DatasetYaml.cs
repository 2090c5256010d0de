using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YoloTune.Basics;

namespace YoloTune.Data;

/// <summary>Reads the YAML of a dataset.</summary>
internal static class DatasetYaml
{
    /// <summary>A bound for classes that are only counted, not named: a file of one line may not ask for any amount of memory.</summary>
    private const int MostUnnamedClasses = 100_000;

    private static readonly string[] KnownSplits = ["train", "val", "test", "minival"];

    public static DatasetDescription Read(string path)
    {
        string file = FindFile(path);
        YamlMappingNode content = Parse(file);
        string root = FindRoot(content, file);
        Dictionary<string, IReadOnlyList<string>> splits = [];
        foreach (string split in KnownSplits)
        {
            YamlNode? node = Get(content, split) ?? (split == "val" ? Get(content, "validation") : null);
            if (node is null || IsEmpty(node)) continue;
            splits.Add(split, [.. Texts(node, file, split).Select(text => Resolve(text, root))]);
        }
        if (splits.Count == 0)
        {
            throw new DatasetException(
                "no split is described.", file, remedy: "Add 'train:' and 'val:' with a folder or a list of images each.");
        }
        return new DatasetDescription(file, root, ReadNames(content, file), splits);
    }

    private static string FindFile(string path)
    {
        string full = Path.GetFullPath(path);
        if (File.Exists(full)) return full;
        if (!Directory.Exists(full))
            throw new DatasetException("the dataset description does not exist.", full, remedy: "Give the path of a dataset YAML file.");
        string[] found = [.. Directory.EnumerateFiles(full).Where(file =>
            Path.GetExtension(file).ToLowerInvariant() is ".yaml" or ".yml").Order(StringComparer.Ordinal)];
        if (found.Length == 1) return found[0];
        string folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(full));
        foreach (string wanted in (string[])[folder, "data"])
        {
            if (Array.Find(found, file => Path.GetFileNameWithoutExtension(file) == wanted) is { } match) return match;
        }
        throw new DatasetException(
            found.Length == 0 ? "the folder holds no dataset YAML." : $"the folder holds {found.Length} YAML files.",
            full, remedy: "Give the path of the dataset YAML file itself.");
    }

    private static YamlMappingNode Parse(string file)
    {
        try
        {
            string text = File.ReadAllText(file);
            if (YamlNesting.LineTooDeep(text) is { } line)
            {
                throw new DatasetException("its lists are nested too deeply.", file, FormattableString.Invariant($"line {line}"),
                    "A dataset description has at most two levels.");
            }
            YamlStream stream = new();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count > 0 && stream.Documents[0].RootNode is YamlMappingNode mapping) return mapping;
        }
        catch (YamlException error)
        {
            throw new DatasetException(
                "the file is not valid YAML: " + error.Message, file, FormattableString.Invariant($"line {error.Start.Line}"),
                "Mend that line; indent with blanks, not tabs.", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // What the YAML library throws on an unclosed bracket, without a place.
            throw new DatasetException(
                "the file is not valid YAML: a bracket, brace or quotation mark may not be closed.", file, inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException("the file cannot be read: " + error.Message, file, inner: error);
        }
        throw new DatasetException(
            "the file is not a dataset description.", file, remedy: "It needs at least 'train:', 'val:' and 'names:'.");
    }

    private static string FindRoot(YamlMappingNode content, string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        if (Get(content, "path") is not YamlScalarNode { Value: { Length: > 0 } given }) return folder;
        string root = Path.GetFullPath(Native(given), folder);
        if (Directory.Exists(root)) return root;
        throw new DatasetException(
            $"the dataset's folder '{root}' does not exist (path: {given}).", file,
            remedy: "A relative path is relative to the YAML file.");
    }

    private static string Resolve(string text, string root)
    {
        string path = Path.GetFullPath(Native(text), root);
        if (Path.Exists(path)) return path;
        // Exports of annotation services write ../train/images for a folder that lies beside the YAML file.
        if (!text.StartsWith("../", StringComparison.Ordinal)) return path;
        string beside = Path.GetFullPath(Native(text[3..]), root);
        return Path.Exists(beside) ? beside : path;
    }

    private static IReadOnlyList<string> ReadNames(YamlMappingNode content, string file)
    {
        int? count = ReadCount(content, file);
        IReadOnlyList<string>? names = Get(content, "names") switch
        {
            YamlSequenceNode list => [.. list.Children.Select(child => Text(child, file, "names"))],
            YamlMappingNode map => ReadNameMap(map, file),
            YamlScalarNode { Value: { Length: > 0 } single } => [single],
            _ => null,
        };
        if (names is null or { Count: 0 })
        {
            if (count is null)
                throw new DatasetException("neither 'names' nor 'nc' is given.", file, remedy: "Add 'names:' with one name a class.");
            return [.. Enumerable.Range(0, count.Value).Select(id => FormattableString.Invariant($"class_{id}"))];
        }
        if (count is { } given && given != names.Count)
        {
            throw new DatasetException(
                FormattableString.Invariant($"nc is {given}, but there are {names.Count} names."), file,
                remedy: "Make them agree, or leave out nc.");
        }
        return names;
    }

    private static int? ReadCount(YamlMappingNode content, string file)
    {
        if (Get(content, "nc") is not { } node || IsEmpty(node)) return null;
        string text = Text(node, file, "nc");
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= MostUnnamedClasses) return count;
        throw new DatasetException(
            FormattableString.Invariant($"nc is '{text}', which is not a number of classes from 1 to {MostUnnamedClasses}."), file, Line(node));
    }

    private static string[] ReadNameMap(YamlMappingNode map, string file)
    {
        SortedDictionary<int, string> names = [];
        foreach ((YamlNode key, YamlNode value) in map.Children)
        {
            if (!int.TryParse(Text(key, file, "names"), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                throw new DatasetException($"the class id '{key}' in names is not a whole number from 0.", file, Line(key));
            names[id] = Text(value, file, "names");
        }
        int last = names.Count == 0 ? -1 : names.Keys.Max();
        if (last != names.Count - 1)
        {
            throw new DatasetException(
                FormattableString.Invariant($"names has {names.Count} entries, but its ids go up to {last}."), file, Line(map),
                "Number the classes from 0 without gaps.");
        }
        return [.. names.Values];
    }

    private static IEnumerable<string> Texts(YamlNode node, string file, string key) => node switch
    {
        YamlSequenceNode list => list.Children.Select(child => Text(child, file, key)),
        _ => [Text(node, file, key)],
    };

    private static string Text(YamlNode node, string file, string key) => node is YamlScalarNode { Value: { } value }
        ? value
        : throw new DatasetException($"'{key}' holds something that is not a text.", file, Line(node));

    private static bool IsEmpty(YamlNode node)
        => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" }
            or YamlSequenceNode { Children.Count: 0 };

    private static YamlNode? Get(YamlMappingNode map, string key)
        => map.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? node) ? node : null;

    private static string Line(YamlNode node) => FormattableString.Invariant($"line {node.Start.Line}");

    /// <summary>Paths written on Windows are read elsewhere too.</summary>
    internal static string Native(string path)
        => Path.DirectorySeparatorChar == '/' ? path.Replace('\\', '/') : path.Replace('/', '\\');
}
