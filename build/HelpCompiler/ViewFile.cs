using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace YoloTune.HelpCompiler;

/// <summary>Makes PowerShell's format file of a plain list of views; the list's first lines describe how it is written.</summary>
internal static partial class ViewFile
{
    private const int Indent = 4;

    /// <summary>The format file's content.</summary>
    /// <param name="path">The list, for messages.</param>
    /// <param name="lines">Its lines.</param>
    /// <exception cref="HelpFormatException">A line is not understood; the message names it.</exception>
    public static XDocument Convert(string path, IReadOnlyList<string> lines)
    {
        XElement views = new("ViewDefinitions");
        for (int i = 0; i < lines.Count;)
        {
            if (lines[i].Length == 0 || lines[i][0] == '#')
            {
                i++;
                continue;
            }
            Match head = Head().Match(lines[i]);
            if (!head.Success) throw Wrong(path, i, "is no view: write 'name: type as table'");
            int end = i + 1;
            while (end < lines.Count
                && (lines[end].Length == 0 || lines[end].StartsWith(new string(' ', Indent), StringComparison.Ordinal))) end++;
            Block block =
                new(path, i + 1, [.. lines.Skip(i + 1).Take(end - i - 1).Select(line => line.Length == 0 ? line : line[Indent..])]);
            views.Add(new XElement("View",
                new XElement("Name", head.Groups["name"].Value),
                new XElement("ViewSelectedBy", new XElement("TypeName", head.Groups["type"].Value)),
                head.Groups["kind"].Value switch
                {
                    "table" => Table(block, wrap: head.Groups["wrapped"].Success),
                    "list" => List(block),
                    _ => Text(block),
                }));
            i = end;
        }
        return new XDocument(new XDeclaration("1.0", "utf-8", null), new XElement("Configuration", views));
    }

    private static XElement Table(Block block, bool wrap)
    {
        XElement headers = new("TableHeaders"), items = new("TableColumnItems");
        foreach ((Match row, int line, string? script) in block.Rows(TableRow()))
        {
            XElement header = new("TableColumnHeader", new XElement("Label", row.Groups["label"].Value));
            if (row.Groups["width"].Success) header.Add(new XElement("Width", row.Groups["width"].Value));
            if (row.Groups["right"].Success) header.Add(new XElement("Alignment", "Right"));
            headers.Add(header);
            items.Add(new XElement("TableColumnItem", Value(block, line, row.Groups["value"].Value, script)));
        }
        XElement entry = new("TableRowEntry", wrap ? new XElement("Wrap") : null, items);
        return new XElement("TableControl", headers, new XElement("TableRowEntries", entry));
    }

    private static XElement List(Block block) =>
        new("ListControl", new XElement("ListEntries", new XElement("ListEntry", new XElement("ListItems",
        block.Rows(ListRow()).Select(row => new XElement("ListItem",
            new XElement("Label", row.Row.Groups["label"].Value), Value(block, row.Line, row.Row.Groups["value"].Value, row.Script)))))));

    private static XElement Text(Block block) => new("CustomControl", new XElement("CustomEntries", new XElement("CustomEntry",
        new XElement("CustomItem", new XElement("ExpressionBinding",
            new XElement("ScriptBlock", "\n" + string.Join('\n', block.Lines).TrimEnd() + "\n"))))));

    private static XElement Value(Block block, int line, string value, string? script)
    {
        if (script is not null) return new XElement("ScriptBlock", script);
        if (value.StartsWith("= ", StringComparison.Ordinal)) return new XElement("ScriptBlock", value[2..]);
        if (Property().IsMatch(value)) return new XElement("PropertyName", value);
        Match format = Format().Match(value);
        if (!format.Success) throw Wrong(block.Path, line, "has a value that is no property, no format of expressions and no script");
        string text = format.Groups["format"].Value, values = format.Groups["values"].Value;
        return new XElement("ScriptBlock", $"[string]::Format([cultureinfo]::InvariantCulture, {text}, {values})");
    }

    private static HelpFormatException Wrong(string path, int line, string what) => new(path, line + 1, $"The line {what}.");

    [GeneratedRegex(@"^(?<name>[\w.]+): (?<type>[\w.]+(?:#\w+)?) as (?:(?<wrapped>wrapped )?(?<kind>table)|(?<kind>list|text))$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^(?<label>\S+(?: \S+)*) {2,}(?:(?<width>\d+)|\*)(?<right>>)? {2}(?<value>\S.*)$")]
    private static partial Regex TableRow();

    [GeneratedRegex(@"^(?<label>\S+(?: \S+)*) {2,}(?<value>\S.*)$")]
    private static partial Regex ListRow();

    [GeneratedRegex(@"^\w+$")]
    private static partial Regex Property();

    [GeneratedRegex("^(?<format>'(?:[^']|'')*') (?<values>.+)$")]
    private static partial Regex Format();

    /// <summary>The lines of a view, without their indentation.</summary>
    private sealed record Block(string Path, int FirstLine, IReadOnlyList<string> Lines)
    {
        /// <summary>The rows, each with its line and the script on lines of its own, if it has one.</summary>
        public IEnumerable<(Match Row, int Line, string? Script)> Rows(Regex pattern)
        {
            string inner = new(' ', Indent);
            for (int i = 0; i < Lines.Count; i++)
            {
                if (Lines[i].Length == 0) continue;
                Match row = pattern.Match(Lines[i]);
                int line = i;
                if (!row.Success) throw Wrong(Path, FirstLine + line, "is no row of its view");
                if (row.Groups["value"].Value != "=")
                {
                    yield return (row, FirstLine + line, null);
                    continue;
                }
                List<string> script = [];
                while (i + 1 < Lines.Count && Lines[i + 1].StartsWith(inner, StringComparison.Ordinal)) script.Add(Lines[++i][Indent..]);
                yield return (row, FirstLine + line, string.Join('\n', script));
            }
        }
    }
}
