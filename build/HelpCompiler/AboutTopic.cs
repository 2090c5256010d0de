using System.Text;

namespace YoloTune.HelpCompiler;

/// <summary>Sets an about topic as the plain text that Get-Help shows.</summary>
internal static class AboutTopic
{
    private const int Width = 78;
    private const string Indent = "    ";

    /// <summary>The whole topic: headings in capitals, text indented and wrapped, tables aligned, code as it is.</summary>
    public static string Format(IEnumerable<string> lines)
    {
        StringBuilder text = new();
        List<string> paragraph = [];
        List<string[]> table = [];
        bool inFence = false;
        void Flush()
        {
            foreach (string line in PlainText.Paragraphs(paragraph)) Wrap(text, line);
            Align(text, table);
            paragraph.Clear();
            table.Clear();
        }
        foreach (string line in lines)
        {
            if (PlainText.IsFence(line))
            {
                Flush();
                inFence = !inFence;
            }
            else if (inFence) text.Append(Indent + Indent).AppendLine(line);
            else if (line.StartsWith('#'))
            {
                Flush();
                text.AppendLine(PlainText.Of(line.TrimStart('#').Trim()).ToUpperInvariant());
            }
            else if (line.Trim().Length == 0)
            {
                Flush();
                text.AppendLine();
            }
            else if (line.StartsWith('|')) table.Add([.. line.Trim('|', ' ').Split('|').Select(cell => PlainText.Of(cell.Trim()))]);
            else paragraph.Add(line);
        }
        Flush();
        return text.ToString();
    }

    private static void Wrap(StringBuilder text, string paragraph)
    {
        string following = PlainText.IsItem(paragraph) ? Indent + "  " : Indent;
        string line = Indent;
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

    private static void Align(StringBuilder text, List<string[]> rows)
    {
        if (rows.Count == 0) return;
        int[] widths = [.. Enumerable.Range(0, rows.Max(row => row.Length)).Select(column =>
            rows.Where(row => column < row.Length && !IsRule(row[column])).Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) =>
                IsRule(cell) ? new string('-', widths[column]) : cell.PadRight(widths[column]));
            text.AppendLine((Indent + string.Join("  ", cells)).TrimEnd());
        }
    }

    private static bool IsRule(string cell) => cell.Length > 0 && cell.All(letter => letter is '-' or ':');
}
