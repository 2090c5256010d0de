using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YoloTune.Basics;

namespace YoloTune.Data;

/// <summary>
/// Windows paths in double quotes, where YAML reads a backslash as the beginning of an escape: "C:\data" is an error, "D:\train" holds a
/// tab.
/// </summary>
internal static class YamlEscapes
{
    private const string Remedy =
        "In double quotes a backslash begins an escape: write the path in single quotes ('C:\\data') or with forward slashes (C:/data).";

    /// <summary>The remedy where a line that cannot be read has a backslash in double quotes; otherwise null.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="line">The line, from 1.</param>
    public static string? RemedyFor(string text, long line)
    {
        string? broken = text.Split('\n').ElementAtOrDefault((int)Math.Clamp(line - 1, 0, int.MaxValue));
        return broken is not null && broken.Contains('"') && broken.Contains('\\') ? Remedy : null;
    }

    /// <summary>Refuses a path in which an escape made a control character.</summary>
    /// <exception cref="DatasetException">There is one.</exception>
    public static void Check(YamlNode? node, string file, string key)
    {
        foreach (YamlScalarNode scalar in node is YamlSequenceNode list
            ? list.Children.OfType<YamlScalarNode>()
            : [.. new[] { node }.OfType<YamlScalarNode>()])
        {
            if (scalar.Style != ScalarStyle.DoubleQuoted || scalar.Value?.Any(char.IsControl) != true) continue;
            throw new DatasetException(
                $"the path of '{key}' holds a control character.", file, FormattableString.Invariant($"line {scalar.Start.Line}"), Remedy);
        }
    }
}
