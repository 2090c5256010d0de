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

    private const int DeepestMerge = 8;

    private static readonly string[] KnownSplits = ["train", "val", "test", "minival"];

    public static DatasetDescription Read(string path)
    {
        string file = DatasetLocation.Find(path);
        if (DarknetFile.IsDescription(file)) return DarknetFile.Read(file);
        List<DatasetProblem> problems = [];
        YamlMappingNode content = Parse(file, problems);
        foreach (string key in (string[])["path", .. KnownSplits]) YamlEscapes.Check(Get(content, key), file, key);
        IReadOnlyDictionary<string, UnreadKey> unread =
            DatasetKeys.Unread(content, key => Get(content, key) is not null || (key == "val" && Get(content, "validation") is not null));
        string root = FindRoot(content, file, problems);
        DatasetPaths paths = new(root, file);
        Dictionary<string, IReadOnlyList<string>> splits = [];
        foreach (string split in KnownSplits)
        {
            if (NodeOf(content, split) is not { } node || IsEmpty(node)) continue;
            splits.Add(split, [.. Texts(node, file, split).Select(paths.Resolve)]);
        }
        if (splits.Count == 0)
        {
            throw new DatasetException("no split is described.", file, remedy: Hints(unread, "train", "val", "test")
                ?? (Path.GetExtension(file).ToLowerInvariant() is ".json" or ".xml"
                    ? "Annotations of COCO, VOC and LabelMe are converted with ConvertTo-YoloDataset."
                    : "Add 'train:' and 'val:' with a folder or a list of images each."));
        }
        return new DatasetDescription(
            file, root, ReadNames(content, file, unread), splits,
            () => DatasetKeypoints.Read(Get(content, "kpt_shape"), Get(content, "flip_idx"), Get(content, "kpt_names"), file))
        {
            Problems = [.. problems, .. paths.Problems],
            Unread = unread,
        };
    }

    private static YamlNode? NodeOf(YamlMappingNode content, string split) =>
        Get(content, split) ?? (split == "val" ? Get(content, "validation") : null);

    private static string? Hints(IReadOnlyDictionary<string, UnreadKey> unread, params string[] keys) =>
        keys.Where(unread.ContainsKey).Select(key => unread[key].Remedy).ToArray() is { Length: > 0 } hints
            ? string.Join(" ", hints) : null;

    private static YamlMappingNode Parse(string file, List<DatasetProblem> problems)
    {
        string text = "";
        try
        {
            text = TextFile.Decode(SharedFile.ReadAllBytes(file), out bool isGuess);
            if (isGuess)
                problems.Add(new(file, null, "the file is not UTF-8; it is read as Windows-1252. Save it as UTF-8.", ProblemAction.Kept));
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
                YamlEscapes.RemedyFor(text, error.Start.Line) ?? "Fix that line; indent with blanks, not tabs.", error);
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

    private static string FindRoot(YamlMappingNode content, string file, List<DatasetProblem> problems)
    {
        string folder = Path.GetDirectoryName(file)!;
        if (Get(content, "path") is not YamlScalarNode { Value: { Length: > 0 } given } node || IsEmpty(node)) return folder;
        string root = Path.GetFullPath(DatasetPaths.Native(given), folder);
        if (Directory.Exists(root)) return root;
        // A description that came with its images from another machine: its splits lie beside it.
        DatasetPaths beside = new(folder, file);
        string[] texts =
        [
            .. KnownSplits.Select(split => NodeOf(content, split)).OfType<YamlNode>().Where(split => !IsEmpty(split))
                .SelectMany(split => Texts(split, file, "path")),
        ];
        if (texts.Any(text => Path.Exists(beside.Resolve(text))))
        {
            problems.Add(new(
                file, (int)node.Start.Line,
                $"the folder '{root}' does not exist (path: {given}); the folder of this file is used in its place.",
                ProblemAction.Kept));
            return folder;
        }
        throw new DatasetException(
            $"the dataset's folder '{root}' does not exist (path: {given}).", file,
            remedy: "A relative path is relative to the YAML file.");
    }

    private static IReadOnlyList<string> ReadNames(YamlMappingNode content, string file, IReadOnlyDictionary<string, UnreadKey> unread)
    {
        int? count = ReadCount(content, file);
        IReadOnlyList<string>? names = Get(content, "names") switch
        {
            YamlSequenceNode list => [.. list.Children.Select(child => Text(child, file, "names"))],
            YamlMappingNode map => ReadNameMap(map, file),
            YamlScalarNode { Value: { Length: > 0 } single } => [OneName(single, content, file)],
            _ => null,
        };
        if (names is null or { Count: 0 })
        {
            if (count is null)
            {
                throw new DatasetException(
                    "neither 'names' nor 'nc' is given.", file,
                    remedy: Hints(unread, "names", "nc") ?? "Add 'names:' with one name per class.");
            }
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

    // One class may be given without brackets. Several that are would be one class with a long name, and all rows of the others dropped.
    private static string OneName(string text, YamlMappingNode content, string file)
    {
        string[] names = text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length < 2) return text;
        throw new DatasetException(
            $"names is one text, '{text}', and not a list.", file, Line(Get(content, "names")!),
            remedy: $"Write it as a list: names: [{string.Join(", ", names)}].");
    }

    private static int? ReadCount(YamlMappingNode content, string file)
    {
        if (Get(content, "nc") is not { } node || IsEmpty(node)) return null;
        string text = Text(node, file, "nc");
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int count)
            && count is > 0 and <= MostUnnamedClasses) return count;
        throw new DatasetException(
            FormattableString.Invariant($"nc is '{text}', which is not a number of classes from 1 to {MostUnnamedClasses}."),
            file, Line(node));
    }

    private static string[] ReadNameMap(YamlMappingNode map, string file)
    {
        SortedDictionary<int, string> names = [];
        foreach ((YamlNode key, YamlNode value) in Entries(map))
        {
            if (!int.TryParse(Text(key, file, "names"), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                throw new DatasetException($"the class id '{key}' in names is not a whole number from 0.", file, Line(key));
            if (!names.TryAdd(id, Text(value, file, "names")))
                throw new DatasetException(FormattableString.Invariant($"the class id {id} stands in names twice."), file, Line(key));
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

    // A key of the mapping itself goes before those that it merges (<<), the first merged mapping before the others.
    private static YamlNode? Get(YamlMappingNode map, string key, int depth = 0)
    {
        if (map.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? node)) return node;
        if (depth == DeepestMerge || !map.Children.TryGetValue(new YamlScalarNode("<<"), out YamlNode? merged)) return null;
        IEnumerable<YamlNode> bases = merged is YamlSequenceNode list ? list.Children : [merged];
        return bases.OfType<YamlMappingNode>().Select(other => Get(other, key, depth + 1)).FirstOrDefault(found => found is not null);
    }

    private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> Entries(YamlMappingNode map)
    {
        foreach (var entry in map.Children.Where(entry => entry.Key is not YamlScalarNode { Value: "<<" })) yield return entry;
        if (!map.Children.TryGetValue(new YamlScalarNode("<<"), out YamlNode? merged)) yield break;
        IEnumerable<YamlNode> bases = merged is YamlSequenceNode list ? list.Children : [merged];
        foreach (var entry in bases.OfType<YamlMappingNode>().SelectMany(other => other.Children).DistinctBy(entry => entry.Key))
        {
            if (!map.Children.ContainsKey(entry.Key)) yield return entry;
        }
    }

    private static string Line(YamlNode node) => FormattableString.Invariant($"line {node.Start.Line}");
}
