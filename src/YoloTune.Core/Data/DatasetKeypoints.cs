using System.Globalization;
using YamlDotNet.RepresentationModel;
using YoloTune.Basics;
using YoloTune.Data.Labels;

namespace YoloTune.Data;

/// <summary>Reads what a description says of keypoints: kpt_shape, flip_idx and kpt_names.</summary>
internal static class DatasetKeypoints
{
    private const int MostKeypoints = 10_000;

    /// <summary>The keypoints, or null where no shape is given.</summary>
    /// <exception cref="DatasetException">They are given wrongly.</exception>
    public static KeypointShape? Read(YamlNode? shape, YamlNode? flips, YamlNode? names, string file)
    {
        if (shape is null || IsEmpty(shape)) return null;
        int[]? numbers = Numbers(shape);
        if (numbers is not [> 0 and <= MostKeypoints, 2 or 3])
        {
            throw new DatasetException(
                $"kpt_shape is {Show(shape)}, which is not a number of keypoints and 2 or 3 numbers for each.", file, Line(shape),
                "Write 'kpt_shape: [17, 3]' for 17 keypoints with x, y and visibility.");
        }
        return new(numbers[0], numbers[1]) { FlipIndex = Flips(flips, numbers[0], file), Names = Names(names, numbers[0], file) };
    }

    private static int[]? Flips(YamlNode? node, int count, string file)
    {
        if (node is null || IsEmpty(node)) return null;
        int[]? flips = Numbers(node);
        if (flips is not null && flips.Length == count && flips.Order().SequenceEqual(Enumerable.Range(0, count))) return flips;
        throw new DatasetException(
            FormattableString.Invariant(
                $"flip_idx is {Show(node)}, which does not name each of the {count} keypoints (0 to {count - 1}) once."),
            file, Line(node),
            "Name for every keypoint the one that takes its place in a mirrored image; a keypoint in the middle names itself.");
    }

    // A list of names for each class, by its id; or one list for all of them.
    private static Dictionary<int, IReadOnlyList<string>> Names(YamlNode? node, int count, string file)
    {
        Dictionary<int, IReadOnlyList<string>> names = [];
        if (node is null || IsEmpty(node)) return names;
        if (node is YamlSequenceNode list)
        {
            names.Add(0, Texts(list, count, file));
            return names;
        }
        foreach ((YamlNode key, YamlNode value) in node is YamlMappingNode map ? map.Children : throw Wrong(node, file))
        {
            if (!int.TryParse((key as YamlScalarNode)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                throw Wrong(key, file);
            names[id] = Texts(value, count, file);
        }
        return names;
    }

    private static string[] Texts(YamlNode node, int count, string file)
    {
        if (node is YamlSequenceNode list && list.Children.Count == count && list.Children.All(child => child is YamlScalarNode))
            return [.. list.Children.Select(child => ((YamlScalarNode)child).Value ?? "")];
        throw Wrong(node, file);
    }

    private static DatasetException Wrong(YamlNode node, string file) => new(
        "kpt_names does not give each class as many names as kpt_shape has keypoints.", file, Line(node),
        "Write '0: [nose, tail]' below kpt_names, with a name for every keypoint.");

    private static int[]? Numbers(YamlNode node)
    {
        if (node is not YamlSequenceNode list) return null;
        int[] numbers = new int[list.Children.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            string? text = (list.Children[i] as YamlScalarNode)?.Value;
            if (!int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out numbers[i])) return null;
        }
        return numbers;
    }

    private static bool IsEmpty(YamlNode node) =>
        node is YamlScalarNode { Value: null or "" or "~" or "null" } or YamlSequenceNode { Children.Count: 0 };

    private static string Show(YamlNode node) => node is YamlSequenceNode list
        ? $"[{string.Join(", ", list.Children.Take(20))}{(list.Children.Count > 20 ? ", ..." : "")}]" : $"'{node}'";

    private static string Line(YamlNode node) => FormattableString.Invariant($"line {node.Start.Line}");
}
