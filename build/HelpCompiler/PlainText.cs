using System.Text;
using System.Text.RegularExpressions;

namespace YoloTune.HelpCompiler;

/// <summary>Markdown as plain text for a terminal.</summary>
internal static partial class PlainText
{
    private const int Width = 78;

    /// <summary>A line without its marks for code, emphasis and links.</summary>
    public static string Of(string line)
    {
        string text = Link().Replace(line, "$1");
        text = Emphasis().Replace(text, "$1");
        return text.Replace("`", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
    }

    /// <summary>A whole about topic: headings in capitals, text indented and wrapped, code as it is.</summary>
    public static string Topic(IEnumerable<string> lines)
    {
        StringBuilder text = new(), paragraph = new();
        bool inFence = false;
        void Flush()
        {
            if (paragraph.Length > 0) Wrap(text, paragraph.ToString());
            paragraph.Clear();
        }
        foreach (string line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                Flush();
                inFence = !inFence;
            }
            else if (inFence) text.Append("        ").AppendLine(line);
            else if (line.StartsWith('#'))
            {
                Flush();
                text.AppendLine(Of(line.TrimStart('#').Trim()).ToUpperInvariant());
            }
            else if (line.Trim().Length == 0)
            {
                Flush();
                text.AppendLine();
            }
            else if (line.StartsWith('|'))
            {
                Flush();
                text.Append("    ").AppendLine(Of(line));
            }
            else
            {
                if (line.TrimStart().StartsWith("- ", StringComparison.Ordinal)) Flush();
                paragraph.Append(paragraph.Length > 0 ? " " : "").Append(Of(line.Trim()));
            }
        }
        Flush();
        return text.ToString();
    }

    private static void Wrap(StringBuilder text, string paragraph)
    {
        string indent = "    ", following = paragraph.StartsWith("- ", StringComparison.Ordinal) ? indent + "  " : indent;
        string line = indent;
        foreach (string word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bool isFirst = line.Trim().Length == 0;
            if (!isFirst && line.Length + 1 + word.Length > Width)
            {
                text.AppendLine(line);
                line = following;
                isFirst = true;
            }
            line += isFirst ? word : " " + word;
        }
        text.AppendLine(line);
    }

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\*\*?([^*\s][^*]*)\*\*?")]
    private static partial Regex Emphasis();
}
