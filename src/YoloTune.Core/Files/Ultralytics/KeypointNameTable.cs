using System.Globalization;
using System.Text.RegularExpressions;
using YoloTune.Files.Onnx;

namespace YoloTune.Files.Ultralytics;

/// <summary>The names of keypoints by class id, as the text of a Python dictionary: <c>{0: ['nose', 'tail']}</c>.</summary>
internal static partial class KeypointNameTable
{
    /// <summary>The text of the names.</summary>
    public static string ToText(IReadOnlyDictionary<int, IReadOnlyList<string>> names) => "{" + string.Join(", ", names.Select(entry =>
        FormattableString.Invariant($"{entry.Key}: [{string.Join(", ", entry.Value.Select(OnnxMetadata.Quote))}]"))) + "}";

    /// <summary>The names of a text; none where it is another text.</summary>
    public static IReadOnlyDictionary<int, IReadOnlyList<string>> Parse(string? text)
    {
        Dictionary<int, IReadOnlyList<string>> names = [];
        foreach (Match entry in Entry().Matches(text ?? ""))
        {
            if (!int.TryParse(entry.Groups["id"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int id)) continue;
            names[id] = (string[])[.. Name().Matches(entry.Groups["list"].Value).Select(name => Unquoted(name.Value))];
        }
        return names;
    }

    /// <summary>The names of what a checkpoint holds: a dictionary of lists by class id; none where it is anything else.</summary>
    public static IReadOnlyDictionary<int, IReadOnlyList<string>> Of(object? value)
    {
        Dictionary<int, IReadOnlyList<string>> names = [];
        if (value is not IReadOnlyDictionary<string, object?> table) return names;
        foreach ((string key, object? list) in table)
        {
            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && list is IReadOnlyList<object?> items)
                names[id] = (string[])[.. items.Select(item => item?.ToString() ?? "")];
        }
        return names;
    }

    private static string Unquoted(string text) => Escape().Replace(text[1..^1], "$1");

    [GeneratedRegex("""(?<id>\d+)['"]?\s*:\s*\[(?<list>(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\]'"])*)\]""")]
    private static partial Regex Entry();

    [GeneratedRegex("""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*["]""")]
    private static partial Regex Name();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();
}
