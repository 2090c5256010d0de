using System.Text;
using System.Text.RegularExpressions;

namespace YoloTune.HelpCompiler;

/// <summary>Markdown as plain text for a terminal.</summary>
internal static partial class PlainText
{
    /// <summary>A line without its marks for code, emphasis and links. What stands in code marks stays as it is, wildcards too.</summary>
    public static string Of(string line) => Mark().Replace(line, static match =>
        match.Groups["code"].Success ? match.Groups["code"].Value
        : match.Groups["link"].Success ? Of(match.Groups["link"].Value)
        : match.Groups["strong"].Success ? Of(match.Groups["strong"].Value)
        : match.Groups["escaped"].Value);

    /// <summary>
    /// Lines as paragraphs: text joined to one line each, a list item and a row of a table a paragraph of its own, and the lines of a code
    /// block as they stand, indented.
    /// </summary>
    public static List<string> Paragraphs(IEnumerable<string> lines)
    {
        List<string> paragraphs = [];
        bool open = false, inFence = false;
        foreach (string raw in lines)
        {
            if (IsFence(raw))
            {
                inFence = !inFence;
                open = false;
                continue;
            }
            if (inFence)
            {
                paragraphs.Add("    " + raw);
                continue;
            }
            string line = raw.Trim();
            bool startsItem = IsItem(line) || line.StartsWith('|');
            if (line.Length > 0 && open && !startsItem) paragraphs[^1] += " " + Of(line);
            else if (line.Length > 0) paragraphs.Add(Of(line));
            open = line.Length > 0 && !line.StartsWith('|');
        }
        return paragraphs;
    }

    /// <summary>Whether a line opens or closes a code block.</summary>
    public static bool IsFence(string line) => line.StartsWith("```", StringComparison.Ordinal);

    /// <summary>Whether a line begins an item of a list.</summary>
    public static bool IsItem(string line) => line.StartsWith("- ", StringComparison.Ordinal);

    [GeneratedRegex(@"`(?<code>[^`]+)`|\[(?<link>[^\]]+)\]\([^)]*\)|\*\*(?<strong>[^*]+)\*\*|\\(?<escaped>[\\`*_<>\[\]#|])")]
    private static partial Regex Mark();
}
